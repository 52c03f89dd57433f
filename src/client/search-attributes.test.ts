import { Client, Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import proto from '@temporalio/proto';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';

import type { ExportError } from '../errors/export-error.js';
import { endAttributes, startAttributes } from '../workflows/search-attributes.js';
import {
  checkSearchAttributes,
  ensureSearchAttributes,
  tcldCommand,
  temporalCommand,
} from './search-attributes.js';

const { IndexedValueType } = proto.temporal.api.enums.v1;
const NAMES = [
  'SaasExportFeed',
  'SaasExportSyncType',
  'SaasExportOutcome',
  'SaasExportRequestedBy',
  'SaasExportItemsFailed',
];

let connection: Connection;

beforeAll(async () => {
  connection = await Connection.connect({ address: inject('temporal').address });
});
afterAll(() => connection.close());

/** A namespace of its own, as search attributes cannot be taken back to another type. */
async function freshNamespace(): Promise<string> {
  const namespace = `attributes-${randomBytes(4).toString('hex')}`;
  await connection.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: msToTs('1 day'),
  });
  for (;;) {
    try {
      await connection.operatorService.listSearchAttributes({ namespace });
      return namespace;
    } catch {
      await sleep(50);
    }
  }
}

describe('search attributes', () => {
  test('are registered where they are missing, and then runs can be found by them', async () => {
    const namespace = await freshNamespace();
    expect((await checkSearchAttributes(connection, namespace)).missing).toEqual(NAMES);
    expect(await ensureSearchAttributes(connection, namespace)).toEqual(NAMES);
    expect(await ensureSearchAttributes(connection, namespace)).toEqual([]);
    expect(await checkSearchAttributes(connection, namespace)).toEqual({
      readable: true,
      missing: [],
      conflicting: [],
    });

    const client = new Client({ connection, namespace });
    const handle = await client.workflow.start('feedSync', {
      workflowId: 'sync/products',
      taskQueue: 'nobody',
      typedSearchAttributes: startAttributes({
        feed: 'products',
        syncType: 'full sync',
        requestedBy: 'ada',
      }),
    });
    const found = async (): Promise<string[]> => {
      const ids: string[] = [];
      const query = `SaasExportFeed = 'products' AND SaasExportRequestedBy = 'ada'`;
      for await (const { workflowId } of client.workflow.list({ query })) ids.push(workflowId);
      return ids;
    };
    await expect.poll(found, { timeout: 10_000 }).toEqual(['sync/products']);
    await handle.terminate();
  });

  test('with another type are a clear error, and nothing is changed', async () => {
    const namespace = await freshNamespace();
    await connection.operatorService.addSearchAttributes({
      namespace,
      searchAttributes: { SaasExportFeed: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD_LIST },
    });
    await expect
      .poll(async () => (await checkSearchAttributes(connection, namespace)).conflicting)
      .toEqual([{ name: 'SaasExportFeed', expected: 'Keyword', found: 'KeywordList' }]);
    await expect(ensureSearchAttributes(connection, namespace)).rejects.toMatchObject({
      code: 'SDE40-11',
      message: `Search attributes of the namespace ${namespace} have another type: SaasExportFeed is KeywordList and has to be Keyword.`,
    });
    expect((await checkSearchAttributes(connection, namespace)).missing).toEqual(NAMES.slice(1));
  });

  test('that only an operator may register are named together with his commands', async () => {
    const namespace = await freshNamespace();
    const refused = Object.assign(new Error('request unauthorized'), { code: 7 });
    const { operatorService } = connection;
    const withoutRights = new Proxy(operatorService, {
      get: (service, name) =>
        name === 'addSearchAttributes'
          ? () => Promise.reject(refused)
          : (Reflect.get(service, name) as unknown),
    });
    const refusal: unknown = await ensureSearchAttributes(
      { operatorService: withoutRights, workflowService: connection.workflowService },
      namespace,
    ).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'SDE40-10', cause: refused });
    const { message, cure } = refusal as ExportError;
    expect(message).toContain(`${namespace} lacks the search attributes ${NAMES.join(', ')}`);
    expect(cure).toContain(temporalCommand(namespace, NAMES));
    expect(cure).toContain(tcldCommand(namespace, NAMES));
  });
});

test('the commands for an operator name every attribute with its type', () => {
  expect(temporalCommand('shop', ['SaasExportFeed', 'SaasExportItemsFailed'])).toBe(
    'temporal operator search-attribute create --namespace shop --name SaasExportFeed --type Keyword --name SaasExportItemsFailed --type Int',
  );
  expect(tcldCommand('shop', ['SaasExportFeed'])).toBe(
    'tcld namespace search-attributes add --namespace shop --sa "SaasExportFeed=Keyword"',
  );
});

test('the end of a run adds its outcome and what failed', () => {
  expect(endAttributes({ outcome: 'failed', itemsFailed: 3 }).map(({ key }) => key.name)).toEqual([
    'SaasExportOutcome',
    'SaasExportItemsFailed',
  ]);
});
