import type { BulkWriter } from './bulk-writer.js';
import { daysAfter, timestamp, versionId } from './dates.js';
import type { CatalogSettings, Edition } from './options.js';

/** One row of an entity table. Open Source has one version an entity, its `rowId` the entity's id. */
export interface Version {
  readonly rowId: number;
  readonly createdIn: number;
  readonly updatedIn: number;
  readonly state: 'past' | 'active' | 'future';
}

/** What Commerce uses as the end of a version that nothing follows. */
const forever = 2_147_483_647;

/** Scheduled updates, by id. The shop has applied `current`; the clock is past it by a day. */
interface Updates {
  readonly past: number;
  readonly current: number;
  readonly coming: number;
  readonly end: number;
}

function updates({ now }: CatalogSettings): Updates {
  return {
    past: versionId(daysAfter(now, -30)),
    current: versionId(daysAfter(now, -1)),
    coming: versionId(daysAfter(now, 7)),
    end: versionId(daysAfter(now, 14)),
  };
}

/**
 * Hands out versions, row ids counting from `firstRowId`. In the Commerce form some entities were
 * changed by an update, will be, or are so for a while; one in forty is scheduled but not there yet.
 */
export class Versions {
  readonly #edition: Edition;
  readonly #updates: Updates;
  #rowId: number;

  constructor(settings: CatalogSettings, firstRowId: number) {
    this.#edition = settings.edition;
    this.#updates = updates(settings);
    this.#rowId = firstRowId;
  }

  of(entityId: number): Version[] {
    if (this.#edition === 'open-source') {
      return [{ rowId: entityId, createdIn: 1, updatedIn: forever, state: 'active' }];
    }
    const { past, current, coming, end } = this.#updates;
    switch (entityId % 40) {
      case 7:
        return this.#rows([1, past, forever], 1);
      case 11:
        return this.#rows([1, current, end, forever], 1);
      case 15:
        return this.#rows([1, coming, forever], 0);
      case 36:
        return this.#rows([coming, forever], -1);
      default:
        return this.#rows([1, forever], 0);
    }
  }

  /** Versions between the bounds; those after the `active`th are yet to come. */
  #rows(bounds: readonly number[], active: number): Version[] {
    return bounds.slice(0, -1).map((createdIn, at) => {
      const rowId = this.#rowId;
      this.#rowId += 1;
      return {
        rowId,
        createdIn,
        updatedIn: bounds[at + 1] ?? forever,
        state: at < active ? 'past' : at === active ? 'active' : 'future',
      };
    });
  }
}

/** The updates themselves, and the flag that says which of them the shop has applied. */
export function writeUpdates(writer: BulkWriter, settings: CatalogSettings): void {
  const { past, current, coming, end } = updates(settings);
  const update = writer.table('staging_update', [
    'id',
    'start_time',
    'name',
    'rollback_id',
    'is_campaign',
    'is_rollback',
  ]);
  const start = (id: number): string => timestamp(new Date(id * 1000));
  update.add(past, start(past), 'Spring collection', null, 0, 0);
  update.add(current, start(current), 'Two weeks of summer', end, 0, 0);
  update.add(coming, start(coming), 'Autumn collection', null, 0, 0);
  update.add(end, start(end), 'Rollback for “Two weeks of summer”', null, 0, 1);
  writer
    .table('flag', ['flag_code', 'state', 'flag_data', 'last_update'])
    .add(
      'staging',
      0,
      JSON.stringify({ current_version: String(current) }),
      timestamp(settings.now),
    );
}
