/** The part of knex's client for mysql2 that recorded-sql.ts builds upon; knex has no types for it. */
declare module 'knex/lib/dialects/mysql2/index.js' {
  export default class Client {
    acquireConnection(): Promise<unknown>;
    releaseConnection(connection: unknown): Promise<void>;
    _query(connection: unknown, statement: unknown): Promise<unknown>;
  }
}
