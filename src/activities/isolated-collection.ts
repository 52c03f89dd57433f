import type { CommerceDatabase } from '../commerce/database.js';
import type { OnStatement } from '../commerce/read.js';
import type { Selection } from '../commerce/selection.js';
import { ExportError, explainCauses } from '../errors/export-error.js';
import type { Collect, Collected, Feed, FeedContext } from '../feeds/feed.js';

export interface IsolatedCollection {
  readonly feed: Feed;
  readonly commerce: CommerceDatabase;
  readonly context: FeedContext;
  readonly collect: Collect;
  readonly signal?: AbortSignal | undefined;
  readonly onStatement?: OnStatement | undefined;
}

/**
 * Collects a page. Where the collector fails, it is tried with halves of the page until the entities
 * are found with which it fails: they become failures, the others are collected. When it fails with
 * every one of several entities, they are not to blame, and the error is thrown.
 */
export async function collectIsolated(
  collection: IsolatedCollection,
  selection: Selection,
): Promise<Collected> {
  const { commerce, collect, signal, onStatement } = collection;
  try {
    return await commerce.snapshot((read) => collect(read, selection), signal, onStatement);
  } catch (error) {
    if (!isAboutContent(error) || signal?.aborted === true) throw error;
    const ids = await sourceIds(collection, selection);
    if (ids.length === 0) throw error;
    const collected = await halves(collection, ids, error);
    if (ids.length > 1 && new Set(poisoned(collected)).size === ids.length) throw error;
    return collected;
  }
}

async function halves(
  collection: IsolatedCollection,
  ids: readonly number[],
  error: unknown,
): Promise<Collected> {
  const [first, ...others] = ids;
  if (first === undefined) return { items: [], failures: [] };
  if (others.length === 0) {
    const message = `${collection.feed.name} of entity ${first} cannot be collected: ${explainCauses(error)}`;
    return { items: [], failures: [{ sourceId: first, code: 'CDE01-05', message }] };
  }
  const middle = Math.ceil(ids.length / 2);
  return merged(
    await part(collection, ids.slice(0, middle)),
    await part(collection, ids.slice(middle)),
  );
}

async function part(collection: IsolatedCollection, ids: readonly number[]): Promise<Collected> {
  const { commerce, collect, signal, onStatement } = collection;
  signal?.throwIfAborted();
  try {
    return await commerce.snapshot(
      (read) => collect(read, { kind: 'ids', ids }),
      signal,
      onStatement,
    );
  } catch (error) {
    if (!isAboutContent(error)) throw error;
    return halves(collection, ids, error);
  }
}

function merged(a: Collected, b: Collected): Collected {
  return {
    items: [...a.items, ...b.items],
    failures: [...a.failures, ...b.failures],
    warnings: [...(a.warnings ?? []), ...(b.warnings ?? [])],
    undecided: [...(a.undecided ?? []), ...(b.undecided ?? [])],
  };
}

function poisoned({ failures }: Collected): number[] {
  return failures.filter(({ code }) => code === 'CDE01-05').map(({ sourceId }) => sourceId);
}

async function sourceIds(
  { feed, commerce, context }: IsolatedCollection,
  selection: Selection,
): Promise<readonly number[]> {
  if (selection.kind === 'ids') return selection.ids;
  const { table, idColumn, where } = feed.source(context);
  const rows = await commerce.snapshot((read) =>
    read.rows<[number]>(
      `SELECT ${idColumn} FROM ${context.shop.t(table)}
       WHERE ${idColumn} BETWEEN ? AND ? ${where === undefined ? '' : `AND (${where})`}
       ORDER BY ${idColumn}`,
      [selection.from, selection.to],
    ),
  );
  return rows.map(([id]) => id);
}

/** MySQL's errors about the statement or its rows; not about connection, rights or server. */
const ROW_ERRORS: ReadonlySet<string> = new Set(['22', '23', '42', '45', 'HY']);
const SERVER_ERRORS: ReadonlySet<string> = new Set([
  'ER_LOCK_WAIT_TIMEOUT',
  'ER_LOCK_DEADLOCK',
  'ER_QUERY_INTERRUPTED',
  'ER_SERVER_SHUTDOWN',
  'ER_NO_SUCH_TABLE',
  'ER_BAD_FIELD_ERROR',
  'ER_TABLEACCESS_DENIED_ERROR',
]);

function isAboutContent(error: unknown): boolean {
  if (error instanceof ExportError) return false;
  if (!(error instanceof Error) || error.name === 'AbortError') return false;
  if ('fatal' in error && error.fatal === true) return false;
  if (!('sqlState' in error)) return !('code' in error);
  const code = 'code' in error ? String(error.code) : '';
  return ROW_ERRORS.has(String(error.sqlState).slice(0, 2)) && !SERVER_ERRORS.has(code);
}
