import { COMPARISONS } from './comparisons.js';
import type { JsonDocument } from './document.js';
import { FEEDS } from './feeds.js';
import { OPERATION } from './operation.js';
import { ORDERS } from './orders.js';
import { RUNS } from './runs.js';

/** The documents of all commands that have `--json`; what docs/json.md is made from. */
export const JSON_DOCUMENTS: readonly JsonDocument[] = [
  ...FEEDS,
  ...COMPARISONS,
  ...RUNS,
  ...OPERATION,
  ...ORDERS,
];
