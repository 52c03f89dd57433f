import { randomBytes } from 'node:crypto';

import { createConnection } from 'mysql2/promise';
import { afterAll, inject } from 'vitest';

/** The MariaDB server of the test run; the user has no password. */
export interface TestMariaDb {
  readonly host: string;
  readonly port: number;
  readonly user: string;
}

/** The Temporal development server of the test run. */
export interface TestTemporal {
  readonly address: string;
  readonly namespace: string;
}

declare module 'vitest' {
  // Started by global-setup.ts for test files that ask for them with `inject`.
  interface ProvidedContext {
    readonly mariadb: TestMariaDb;
    readonly temporal: TestTemporal;
  }
}

export interface TestDatabase extends TestMariaDb {
  readonly name: string;
  /** `mysql://root@127.0.0.1:40123/test_shop_5f0c…` */
  readonly url: string;
}

const made: TestDatabase[] = [];

afterAll(async () => {
  for (const { name, host, port, user } of made) {
    const connection = await createConnection({ host, port, user });
    await connection.query('DROP DATABASE IF EXISTS ??', [name]);
    await connection.end();
  }
});

/**
 * Makes an empty database, which is dropped after the test file; on a server of the test's own it
 * is left to that server's end.
 */
export async function freshDatabase(label: string, own?: TestMariaDb): Promise<TestDatabase> {
  const { host, port, user } = own ?? inject('mariadb');
  const name = `test_${label.replaceAll(/\W/g, '_')}_${randomBytes(4).toString('hex')}`;
  const connection = await createConnection({ host, port, user });
  await connection.query('CREATE DATABASE ?? CHARACTER SET utf8mb4', [name]);
  await connection.end();
  const database = { name, host, port, user, url: `mysql://${user}@${host}:${port}/${name}` };
  if (own === undefined) made.push(database);
  return database;
}
