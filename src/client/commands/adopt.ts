import { CommerceDatabase } from '../../commerce/database.js';
import { requireSettings } from '../../configuration/require.js';
import { ExportError } from '../../errors/export-error.js';
import { allFeeds } from '../../feeds/registry.js';
import { storedOrderUuids } from '../../store/order-uuids.js';
import { withDatabases } from '../databases.js';
import type { ConnectionFlags } from '../edge.js';
import { adoptFeed, type AdoptedFeed } from '../parity/adopt.js';
import { table } from '../table.js';

/**
 * Takes over the state of Adobe's module, of all feeds.
 *
 * @throws ExportError SDE20-08 where the shop has none.
 */
export async function adopt(flags: ConnectionFlags): Promise<void> {
  const adopted = await withDatabases(flags, async ({ configuration, store, inShop }) => {
    const required = requireSettings(configuration, [
      'COMMERCE_DATABASE_URL',
      'SERVICE_URL',
      'SERVICE_ENVIRONMENT_ID',
    ]);
    const commerce = new CommerceDatabase({ url: required.COMMERCE_DATABASE_URL, connections: 2 });
    try {
      const shop = await inShop((each) => Promise.resolve(each));
      const found: AdoptedFeed[] = [];
      for (const feed of allFeeds()) {
        found.push(
          await adoptFeed(
            commerce,
            store,
            feed,
            {
              shop,
              clock: () => configuration.now ?? new Date(),
              settings: configuration.feeds.settings,
              orderUuids: storedOrderUuids(store),
            },
            {
              environmentId: required.SERVICE_ENVIRONMENT_ID,
              serviceUrl: required.SERVICE_URL,
            },
          ),
        );
      }
      return found;
    } finally {
      await commerce.close();
    }
  });
  if (adopted.every(({ present }) => !present)) throw new ExportError('SDE20-08');
  process.stdout.write(`${adoptionText(adopted)}\n`);
}

function adoptionText(feeds: readonly AdoptedFeed[]): string {
  return [
    table(
      ['feed', 'taken over as sent', 'to be sent', 'to be deleted'],
      feeds
        .filter(({ present }) => present)
        .map((each) => [each.feed, each.sent, each.toSend, each.toDelete]),
    ),
    'The next full sync sends and deletes what is to be; `saas-export resync --all`.',
  ].join('\n');
}
