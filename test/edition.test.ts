import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createConnection } from 'mysql2/promise';
import { expect, test } from 'vitest';

import { installStore } from '../src/client/commands/install.js';
import { generateCatalog } from '../src/sandbox/catalog/generate-catalog.js';
import { Engine } from './engine.js';
import { freshDatabase } from './servers.js';

test('the service is told the edition that the shop’s tables show, or the one that is set', async () => {
  const commerce = await freshDatabase('edition');
  const store = await freshDatabase('edition_store');
  const shop = await createConnection({ uri: commerce.url });
  await generateCatalog(shop, { products: 1, storeViews: 1, websites: 1, edition: 'commerce' });
  await installStore(store.url, '');
  const told: unknown[] = [];
  const service = createServer((incoming, outgoing) => {
    told.push(JSON.parse(String(incoming.headers['service-connector-metadata'])));
    incoming.resume().once('end', () => outgoing.writeHead(200).end('{}'));
  });
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  try {
    await exportScopes({});
    await shop.query('DROP TABLE shared_catalog_product_item, shared_catalog');
    await exportScopes({});
    await exportScopes({ COMMERCE_EDITION: 'ce', COMMERCE_VERSION: '2.4.7' });
    expect(told).toEqual([
      expect.objectContaining({ commerceEdition: 'b2b', commerceVersion: 'unknown' }),
      expect.objectContaining({ commerceEdition: 'ee', commerceVersion: 'unknown' }),
      expect.objectContaining({ commerceEdition: 'ce', commerceVersion: '2.4.7' }),
    ]);
  } finally {
    await new Promise<void>((resolve) => service.close(() => resolve()));
    await shop.end();
  }

  async function exportScopes(settings: Readonly<Record<string, string>>): Promise<void> {
    const engine = await Engine.open({
      COMMERCE_DATABASE_URL: commerce.url,
      EXPORT_DATABASE_URL: store.url,
      CAPTURE: 'compare',
      SERVICE_URL: `http://127.0.0.1:${(service.address() as AddressInfo).port}`,
      SERVICE_ENVIRONMENT_ID: 'e-1',
      SERVICE_API_KEY: 'k-1',
      SERVICE_REQUESTS_PER_SECOND: '0',
      ...settings,
    });
    await engine.run('scopesCustomerGroup', 'full sync', { force: true });
    await engine.close();
  }
}, 240_000);
