import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { tmpdir } from 'node:os';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';

import { applySchedules, planSchedules } from '../client/schedules/reconcile.js';
import { loadConfiguration } from '../configuration/load.js';
import { feedSyncId, WORKFLOW } from '../workflows/names.js';
import { leavePlace, reachTemporal, sharedPlace } from './temporal-place.js';

const { address, namespace } = inject('temporal');

describe('a Temporal server that others use too', () => {
  let client: Client;
  beforeAll(async () => {
    client = new Client({ connection: await Connection.connect({ address }), namespace });
  });
  afterAll(() => client.connection.close());

  test('is left without schedules and running workflows of the sandbox, with those of others', async () => {
    const mine = await occupied('mine');
    const other = await occupied('other');
    const capture = 'compare';
    try {
      const configuration = await loadConfiguration({
        environment: { TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace },
        workingDirectory: tmpdir(),
      });
      const connection = await reachTemporal(configuration);
      await leavePlace(sharedPlace(configuration, connection, mine.instance), capture);

      expect(await existing(mine)).toEqual([]);
      expect(await statuses(mine)).toEqual(['TERMINATED', 'TERMINATED']);
      expect((await existing(other)).length).toBeGreaterThan(3);
      expect(await statuses(other)).toEqual(['RUNNING', 'RUNNING']);
      // Nothing is there the second time, which is no error.
      await leavePlace(sharedPlace(configuration, connection, mine.instance), capture);
    } finally {
      const configuration = await loadConfiguration({
        environment: {},
        workingDirectory: tmpdir(),
      });
      const connection = { connectionOptions: { address }, namespace };
      await leavePlace(sharedPlace(configuration, connection, other.instance), capture);
    }
  });

  interface Occupied {
    readonly instance: string;
    readonly taskQueue: string;
    readonly capture: 'compare';
  }

  /** Schedules and two workflows of an instance that no worker works for. */
  async function occupied(label: string): Promise<Occupied> {
    const instance = `${label}-${randomBytes(4).toString('hex')}`;
    const settings = {
      instance,
      taskQueue: `${instance}-saas-export`,
      capture: 'compare',
    } as const;
    await applySchedules(client, settings);
    for (const workflowId of idsOf(instance)) {
      await client.workflow.start(WORKFLOW.fullSync, {
        workflowId,
        taskQueue: settings.taskQueue,
        args: [{}],
      });
    }
    return settings;
  }

  function idsOf(instance: string): string[] {
    return [`${instance}-first-sync`, feedSyncId(instance, 'products')];
  }

  async function existing(settings: Occupied): Promise<string[]> {
    const plans = await planSchedules(client, settings);
    return plans.filter(({ next }) => next !== null).map(({ id }) => id);
  }

  async function statuses({ instance }: Occupied): Promise<string[]> {
    const found = idsOf(instance).map((id) => client.workflow.getHandle(id).describe());
    return (await Promise.all(found)).map(({ status }) => status.name);
  }
});

describe('the settings of roles and commands', () => {
  test('hold what else the connection needs, with paths that are good in any folder', async () => {
    const configuration = await loadConfiguration({
      environment: {
        TEMPORAL_ADDRESS: 'shop.tmprl.cloud:7233',
        TEMPORAL_NAMESPACE: 'shop.a1b2c',
        TEMPORAL_API_KEY: 'key-1',
        TEMPORAL_TLS: '1',
        TEMPORAL_TLS_CLIENT_CERT_PATH: 'client.pem',
        TEMPORAL_GRPC_META_TEAM: 'shop',
        HOME: '/home/nobody',
      },
      workingDirectory: '/etc/shop',
    });
    const connection = {
      connectionOptions: { address: 'shop.tmprl.cloud:7233' },
      namespace: 'shop.a1b2c',
    };
    expect(sharedPlace(configuration, connection, 'sandbox-1').settings).toEqual({
      TEMPORAL_ADDRESS: 'shop.tmprl.cloud:7233',
      TEMPORAL_NAMESPACE: 'shop.a1b2c',
      TEMPORAL_API_KEY: 'key-1',
      TEMPORAL_TLS: 'true',
      TEMPORAL_TLS_CLIENT_CERT_PATH: resolve('/etc/shop/client.pem'),
      TEMPORAL_GRPC_META_TEAM: 'shop',
    });
  });
});
