import { changelogBacklog } from '../commerce/capture/changelog.js';
import { errorNumber, type ShopPlace } from '../commerce/capture/sql.js';
import type { Store } from '../store/store.js';

/** Changes of the shop that were noted and have not been turned into entities yet. */
export interface UnreadChanges {
  /** A million stands for that many or more. */
  readonly changes: number;
  /** Age of the oldest, by the database's clock; 0 where there is none. */
  readonly oldestSeconds: number;
}

export const NO_CHANGES: UnreadChanges = { changes: 0, oldestSeconds: 0 };

const NO_SUCH_TABLE = 1146;
/** The exporter's account may lack the right to read it before the installation. */
const NO_RIGHT = 1142;

/** What waits in the changelog; nothing where there is none. The store's connections reach it. */
export async function unreadChanges(store: Store, place: ShopPlace): Promise<UnreadChanges> {
  try {
    const { changes, oldest } = await changelogBacklog(store, place);
    if (oldest === undefined) return { changes, oldestSeconds: 0 };
    const [row] = await store.rows<{ seconds: number }>(
      'SELECT GREATEST(TIMESTAMPDIFF(SECOND, ?, UTC_TIMESTAMP(3)), 0) AS seconds',
      [oldest],
    );
    return { changes, oldestSeconds: row?.seconds ?? 0 };
  } catch (error) {
    if ([NO_SUCH_TABLE, NO_RIGHT].includes(errorNumber(error) ?? 0)) return NO_CHANGES;
    throw error;
  }
}
