import { Client, Connection } from '@temporalio/client';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';

import { declareSchedules } from '../src/client/schedules/declarations.js';
import { ensureSearchAttributes } from '../src/client/search-attributes.js';
import { SEARCH_ATTRIBUTES } from '../src/workflows/search-attributes.js';

const page = readFileSync(new URL('../docs/temporal-ui.md', import.meta.url), 'utf8');

/** The cells of a table below a heading, without the code marks. */
function table(heading: string): string[][] {
  const section = page.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| --'))
    .slice(1)
    .map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')))
    .map((cells) => cells.slice(1, -1));
}

const queries = table('Queries worth saving').map(([view, query]) => [view, query] as const);

let client: Client;

beforeAll(async () => {
  const { address, namespace } = inject('temporal');
  client = new Client({ connection: await Connection.connect({ address }), namespace });
  await ensureSearchAttributes(client.connection, namespace);
});
afterAll(() => client.connection.close());

describe('docs/temporal-ui.md', () => {
  test('has queries', () => expect(queries.length).toBeGreaterThan(9));

  test.each(queries)('has a query that the server takes: %s', async (_, query) => {
    const count = await client.workflow.count(query);
    expect(count.count).toBeGreaterThanOrEqual(0);
  });

  test('names the search attributes with their types', () => {
    expect(table('Search attributes').map(([name, type]) => [name, type?.toUpperCase()])).toEqual(
      SEARCH_ATTRIBUTES.map(({ name, type }) => [name, type]),
    );
  });

  test('names the schedules, what they start and what they make up for', () => {
    const { on } = declareSchedules({
      instance: '',
      taskQueue: '',
      capture: 'compare',
      verification: { schedule: 'daily', rowsPerSecond: 1000, fix: false },
    });
    expect(table('Schedules').map(([id, , type, , outage]) => [id, type, outage])).toEqual(
      on.map(({ id, workflowType, catchupSeconds }) => [
        id,
        workflowType,
        `${catchupSeconds / 60} minutes`,
      ]),
    );
  });
});
