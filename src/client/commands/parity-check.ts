import { CommerceDatabase } from '../../commerce/database.js';
import { readShop } from '../../commerce/shop.js';
import { requireSettings } from '../../configuration/require.js';
import { ExportError } from '../../errors/export-error.js';
import { shopOrderUuids } from '../../feeds/orders/uuids.js';
import { shopOptions } from '../../worker/shop-options.js';
import { configurationFor, print, type ConnectionFlags, type JsonFlag } from '../edge.js';
import { EXIT } from '../errors.js';
import { enabledFeeds } from '../feed-choice.js';
import { parityCheck, type ParityFeed } from '../parity/parity-check.js';
import { table } from '../table.js';

export interface ParityCheckFlags extends ConnectionFlags, JsonFlag {
  readonly feed?: string;
}

/** What `parity-check --json` prints. */
export interface ParityDocument {
  /** Items that are not the same, of all feeds. */
  readonly differences: number;
  readonly feeds: readonly ParityFeed[];
}

/** Compares our items with the state of Adobe's module in the same shop; sends and stores nothing. */
export async function parity(flags: ParityCheckFlags): Promise<void> {
  const configuration = await configurationFor(flags);
  const feeds = enabledFeeds(flags.feed, configuration.feeds.enabled);
  const { COMMERCE_DATABASE_URL: url } = requireSettings(configuration, ['COMMERCE_DATABASE_URL']);
  const options = await shopOptions(configuration);
  const commerce = new CommerceDatabase({ url, connections: 2 });
  try {
    const shop = await commerce.snapshot((read) => readShop(read, options));
    const found: ParityFeed[] = [];
    for (const feed of feeds) {
      found.push(
        await parityCheck(commerce, feed, {
          shop,
          clock: () => configuration.now ?? new Date(),
          settings: configuration.feeds.settings,
          orderUuids: shopOrderUuids,
        }),
      );
    }
    if (found.every(({ present }) => !present)) {
      throw new ExportError('SDE20-08');
    }
    const differences = found.reduce((sum, each) => sum + differencesOf(each), 0);
    const document: ParityDocument = { differences, feeds: found };
    print(flags.json, document, () => parityText(document));
    if (differences > 0) process.exitCode = EXIT.failed;
  } finally {
    await commerce.close();
  }
}

function differencesOf({ different, missing, extra }: ParityFeed): number {
  return different + missing + extra;
}

function parityText({ feeds, differences }: ParityDocument): string {
  const rows = feeds.map((each) => [
    each.feed,
    each.present ? each.table : 'no table',
    each.reference,
    each.items,
    each.equal,
    each.different,
    each.missing,
    each.extra,
  ]);
  const reasons = feeds.flatMap(({ feed, reasons: why, examples }) =>
    Object.entries(why).map(([reason, items]) => {
      const example = examples.find((each) => each.reason === reason);
      const fields = example?.fields.map(({ path }) => path).join(', ') ?? '';
      return `${feed}: ${items} × ${reason}, for example ${example?.identity.join(' · ') ?? ''} (entity ${String(example?.entityId ?? '')})${fields === '' ? '' : `: ${fields}`}`;
    }),
  );
  return [
    table(
      [
        'feed',
        'table',
        'of the module',
        'ours',
        'equal',
        'different',
        'missing there',
        'extra there',
      ],
      rows,
    ),
    '',
    differences === 0 ? 'All items are the same.' : `${differences} items are not the same.`,
    ...reasons,
  ].join('\n');
}
