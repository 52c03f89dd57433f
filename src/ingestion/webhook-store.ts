import { randomBytes, randomUUID } from 'node:crypto';
import type { ResultSetHeader, RowDataPacket } from 'mysql2/promise';

import type { CollectionName } from './collections.js';
import type { ReadingPool } from './database.js';
import { rfc3339 } from './stored-item.js';

/** A subscriber, as it may be shown: without its secret. */
export interface Webhook {
  readonly id: string;
  readonly url: string;
  readonly feeds: readonly CollectionName[];
  /** Number of the last change it was told of. */
  readonly position: number;
  /** Attempts that failed since the last one that did not. */
  readonly failures: number;
  readonly lastError: string | null;
  /** RFC 3339, UTC. */
  readonly deliveredAt: string | null;
  readonly createdAt: string;
}

/** A subscriber that has something to be told. */
export interface DueWebhook extends Webhook {
  readonly environment: string;
  readonly secret: string;
}

interface WebhookRow extends RowDataPacket {
  readonly id: string;
  readonly environment: string;
  readonly url: string;
  readonly feeds: string;
  readonly secret: string;
  readonly position: number;
  readonly failures: number;
  readonly lastError: string | null;
  readonly deliveredAt: string | null;
  readonly createdAt: string;
}

const COLUMNS = `id, webhook.environment, url, feeds, secret, position, failures,
  last_error AS lastError, delivered_at AS deliveredAt, created_at AS createdAt`;

/** Subscribers of a data space, at most. */
export const MAX_WEBHOOKS = 20;
/** Who is told of changes. Times are those of the database, so instances need not agree on one. */
export class WebhookStore {
  readonly #pool: ReadingPool;

  constructor(pool: ReadingPool) {
    this.#pool = pool;
  }

  /** @returns the subscriber and its secret, or undefined where there are too many. */
  async add(
    environment: string,
    { url, feeds, position }: Pick<Webhook, 'url' | 'feeds' | 'position'>,
  ): Promise<(Webhook & { readonly secret: string }) | undefined> {
    const id = randomUUID();
    const secret = randomBytes(32).toString('hex');
    const [{ affectedRows }] = await this.#pool.query<ResultSetHeader>(
      `INSERT INTO ingestion_webhook
         (id, environment, url, feeds, secret, position, next_try_at, leased_until, created_at)
       SELECT ?, ?, ?, ?, ?, ?, NOW(3), NOW(3), NOW(3) FROM
         (SELECT COUNT(*) AS present FROM ingestion_webhook WHERE environment = ?) AS counted
       WHERE present < ?`,
      [id, environment, url, JSON.stringify(feeds), secret, position, environment, MAX_WEBHOOKS],
    );
    const added = (await this.list(environment)).find((webhook) => webhook.id === id);
    return affectedRows === 0 || added === undefined ? undefined : { ...added, secret };
  }

  async list(environment: string): Promise<Webhook[]> {
    const [rows] = await this.#pool.query<WebhookRow[]>(
      `SELECT ${COLUMNS} FROM ingestion_webhook AS webhook
       WHERE webhook.environment = ? ORDER BY created_at, id`,
      [environment],
    );
    return rows.map(toWebhook);
  }

  /** @returns whether it was there. */
  async remove(environment: string, id: string): Promise<boolean> {
    const [{ affectedRows }] = await this.#pool.query<ResultSetHeader>(
      'DELETE FROM ingestion_webhook WHERE environment = ? AND id = ?',
      [environment, id],
    );
    return affectedRows > 0;
  }

  /** Subscribers that are behind, whose time has come, and on which nobody works. */
  async due(limit: number): Promise<DueWebhook[]> {
    const [rows] = await this.#pool.query<WebhookRow[]>(
      `SELECT ${COLUMNS} FROM ingestion_webhook AS webhook
       JOIN ingestion_sequence AS sequence ON sequence.environment = webhook.environment
       WHERE next_try_at <= NOW(3) AND leased_until <= NOW(3) AND position < sequence.value
       ORDER BY next_try_at LIMIT ?`,
      [limit],
    );
    return rows.map((row) => ({
      ...toWebhook(row),
      environment: row.environment,
      secret: row.secret,
    }));
  }

  /**
   * @param seconds for which no other instance delivers the same.
   * @returns false if another instance works on it, or it is gone.
   */
  async lease({ id, position }: DueWebhook, seconds: number): Promise<boolean> {
    const [{ affectedRows }] = await this.#pool.query<ResultSetHeader>(
      `UPDATE ingestion_webhook SET leased_until = NOW(3) + INTERVAL ? SECOND
       WHERE id = ? AND position = ? AND leased_until <= NOW(3)`,
      [seconds, id, position],
    );
    return affectedRows > 0;
  }

  /** It has taken all up to `position`; `delivered`: there was something to take. */
  async advance(id: string, position: number, delivered: boolean): Promise<void> {
    await this.#pool.query(
      `UPDATE ingestion_webhook SET position = ?, failures = 0, last_error = NULL,
         delivered_at = IF(?, NOW(3), delivered_at), leased_until = NOW(3), next_try_at = NOW(3)
       WHERE id = ?`,
      [position, delivered, id],
    );
  }

  /** Nobody works on it any more; nothing is known of the delivery. */
  async release(id: string): Promise<void> {
    await this.#pool.query('UPDATE ingestion_webhook SET leased_until = NOW(3) WHERE id = ?', [id]);
  }

  async fail(id: string, error: string, waitSeconds: number): Promise<void> {
    await this.#pool.query(
      `UPDATE ingestion_webhook SET failures = failures + 1, last_error = ?, leased_until = NOW(3),
         next_try_at = NOW(3) + INTERVAL ? MICROSECOND
       WHERE id = ?`,
      [error.slice(0, 255), Math.round(waitSeconds * 1e6), id],
    );
  }
}

function toWebhook(row: WebhookRow): Webhook {
  return {
    id: row.id,
    url: row.url,
    feeds: JSON.parse(row.feeds) as CollectionName[],
    position: row.position,
    failures: row.failures,
    lastError: row.lastError,
    deliveredAt: row.deliveredAt === null ? null : rfc3339(row.deliveredAt),
    createdAt: rfc3339(row.createdAt),
  };
}
