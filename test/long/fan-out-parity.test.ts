import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { createConnection, type Connection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';

import { CommerceDatabase } from '../../src/commerce/database.js';
import { readShop } from '../../src/commerce/shop.js';
import { affectedBy, type Affected } from '../../src/feeds/fan-out.js';
import { allFeeds, watchedTables } from '../../src/feeds/registry.js';
import { ReferenceFolder } from '../../src/sandbox/parity/reference-folder.js';
import { loadDump } from '../../src/sandbox/servers/dump.js';
import { CapturedRows } from '../captured-rows.js';
import { isFound, ItemImages, type Difference } from '../item-images.js';
import { freshDatabase } from '../servers.js';

const data = process.env['PARITY_DATA'];
const watches = watchedTables();

interface Step {
  readonly id: string;
  readonly at: string;
}

describe.skipIf(data === undefined)('after the steps of the shop rich of PARITY_DATA', () => {
  let folder: string;
  let connection: Connection;
  let database: CommerceDatabase;
  let rows: CapturedRows;
  let images: ItemImages;
  let now: Date;

  beforeAll(async () => {
    folder = join(data!, 'rich');
    const fresh = await freshDatabase('rich_steps');
    const server = await createConnection(fresh.url);
    await server.query('DROP DATABASE ??', [fresh.name]);
    await server.end();
    const reference = new ReferenceFolder(folder);
    now = reference.exportedAt()!;
    await loadDump(inject('mariadb'), fresh.name, reference.dump, { environment: process.env });
    connection = await createConnection({ uri: fresh.url, multipleStatements: true });
    await connection.query(`SET time_zone = '+00:00', sql_mode = 'NO_AUTO_VALUE_ON_ZERO'`);
    database = new CommerceDatabase({ url: fresh.url });
    rows = await CapturedRows.read(connection, watches);
    images = new ItemImages(fresh.url, { clock: () => now });
    await images.differences(allFeeds());
  }, 120_000);
  afterAll(async () => {
    await images.close();
    await database.close();
    await connection.end();
  });

  test('each item that differs belongs to an entity that the step is said to concern', async () => {
    const steps = JSON.parse(readFileSync(join(folder, 'partial/index.json'), 'utf8')) as Step[];
    const missed = new Set<string>();
    const report: string[] = [];
    for (const step of steps) {
      for (const file of ['change.sql', 'change-after-full-reindex.sql']) {
        const path = join(folder, 'partial', step.id, file);
        if (!existsSync(path)) continue;
        await connection.query(readFileSync(path, 'utf8'));
        const changes = await rows.changes();
        const start = performance.now();
        const affected = await database.snapshot(async (read) =>
          affectedBy(read, await readShop(read), allFeeds(), changes),
        );
        const took = Math.round(performance.now() - start);
        const differences = await images.differences(allFeeds());
        for (const difference of differences) {
          const { feed, identity } = difference;
          if (!isFound(difference, affected)) missed.add(`${step.id}: ${feed} ${identity}`);
        }
        report.push(
          `${step.id} (${changes.length} changes, ${took} ms): ${inVain(affected, differences)}`,
        );
      }
    }
    console.log(report.join('\n'));
    expect([...missed]).toEqual([]);
  }, 1_200_000);
});

/** Entities named and those of them that differ, for feeds of which some are named in vain. */
function inVain(affected: Affected, differences: readonly Difference[]): string {
  const whole = [...affected.wholeFeeds.keys()].map((feed) => `${feed} whole`);
  const named = [...affected.entities].flatMap(([feed, ids]) => {
    const differ = new Set(
      differences
        .filter((each) => each.feed === feed)
        .flatMap(({ before, after }) => [before?.sourceId, after?.sourceId]),
    );
    const needed = ids.filter((id) => differ.has(id)).length;
    return ids.length === needed ? [] : [`${feed} ${ids.length} for ${needed}`];
  });
  return [...whole, ...named].join(', ') || 'none in vain';
}
