import type { Attributes } from './attributes/attributes.js';
import type { BulkWriter } from './bulk-writer.js';
import type { CatalogSettings } from './options.js';
import { Random } from './random.js';
import type { Scopes } from './scopes/scopes.js';

/** What every part of the generator works with. */
export interface Catalog {
  readonly settings: CatalogSettings;
  readonly scopes: Scopes;
  readonly attributes: Attributes;
  readonly writer: BulkWriter;
  /** `entity_id`, or `row_id` in the Commerce form: the column that refers to a version. */
  readonly link: 'entity_id' | 'row_id';
}

/** The random numbers of a subject, the same whatever else was drawn. */
export function randomFor({ settings }: Catalog, subject: string, id?: number): Random {
  return Random.for(settings.seed, subject, id);
}
