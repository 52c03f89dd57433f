import { DRIFTS, totalDrift } from '../../activities/verification/drift.js';
import { Pace } from '../../activities/verification/pace.js';
import { verifyFeed, type Verification } from '../../activities/verification/verify-feed.js';
import { CommerceDatabase } from '../../commerce/database.js';
import { requireSettings } from '../../configuration/require.js';
import { ExportError } from '../../errors/export-error.js';
import { isAvailable } from '../../feeds/availability.js';
import type { Readability } from '../../publishing/service-reader.js';
import { storedOrderUuids } from '../../store/order-uuids.js';
import { dropVerification } from '../../store/verification.js';
import { comparableService, serviceReader } from '../../worker/service-reader.js';
import { withDatabases } from '../databases.js';
import { print, stopSignal, type ConnectionFlags, type JsonFlag } from '../edge.js';
import { EXIT } from '../errors.js';
import { enabledFeeds } from '../feed-choice.js';
import { table } from '../table.js';

export interface VerifyFlags extends ConnectionFlags, JsonFlag {
  readonly feed?: string;
  readonly fix?: boolean;
  readonly restart?: boolean;
  readonly rowsPerSecond: string;
}

/** What `verify --json` prints. */
export interface VerifyDocument {
  /** Items that drifted, of all feeds. */
  readonly drift: number;
  readonly finished: boolean;
  readonly feeds: readonly (Verification & {
    readonly feed: string;
    /** Whether the service's items were compared too, and if not, why. */
    readonly service: Readability;
  })[];
}

/** Compares shop, state and service; exit code 1 where something drifted or it was stopped. */
export async function verify(flags: VerifyFlags): Promise<void> {
  const pace = new Pace(rateOf(flags.rowsPerSecond));
  const signal = stopSignal();
  const document = await withDatabases(flags, async ({ configuration, store, inShop }) => {
    const { COMMERCE_DATABASE_URL: url } = requireSettings(configuration, [
      'COMMERCE_DATABASE_URL',
    ]);
    const feeds = enabledFeeds(flags.feed, configuration.feeds.enabled);
    const commerce = new CommerceDatabase({ url, connections: 2 });
    const reader = serviceReader(configuration);
    try {
      const found: VerifyDocument['feeds'][number][] = [];
      for (const feed of feeds) {
        const shop = await inShop((each) => Promise.resolve(each));
        if (signal.aborted || !isAvailable(shop, feed)) continue;
        if (flags.restart === true) await dropVerification(store, feed.name);
        const service = await comparableService(configuration, feed, reader);
        const verification = await verifyFeed({
          feed,
          commerce,
          store,
          context: {
            shop,
            clock: () => configuration.now ?? new Date(),
            settings: configuration.feeds.settings,
            orderUuids: storedOrderUuids(store),
          },
          service: service.readable ? service.reader : undefined,
          fix: flags.fix === true,
          pace,
          signal,
        });
        if (verification.begunAnew) {
          process.stderr.write(
            `${feed.name}: an earlier comparison ${flags.fix === true ? 'did not queue' : 'queued'} what drifted, so this one begins anew.\n`,
          );
        }
        found.push({
          feed: feed.name,
          service: service.readable
            ? { readable: true }
            : { readable: false, reason: service.reason },
          ...verification,
        });
      }
      return {
        drift: found.reduce((sum, each) => sum + totalDrift(each), 0),
        finished: !signal.aborted && found.every(({ finished }) => finished),
        feeds: found,
      };
    } finally {
      await commerce.close();
    }
  });
  print(flags.json, document, () => verifyText(document));
  if (document.drift > 0 || !document.finished) process.exitCode = EXIT.failed;
}

function verifyText({ feeds, drift, finished }: VerifyDocument): string {
  const queued = feeds.reduce((sum, each) => sum + each.queued, 0);
  const takenOver = feeds.filter((each) => each.takenOver).map(({ feed }) => feed);
  const rows = feeds.map((each) => [
    each.feed,
    each.entities,
    each.items,
    each.service.readable ? each.heldItems : 'not readable',
    each.onTheirWay,
    each.drift.missing,
    each.drift.stale,
    each.drift.surplus,
    each.drift.lost,
    each.drift.different,
    each.drift.unknown,
    each.queued,
  ]);
  const examples = feeds.flatMap(({ feed, examples: items }) =>
    items
      .slice(0, 3)
      .map(({ drift: kind, feedId }) => `  ${kind}: saas-export explain ${feed} ${feedId}`),
  );
  return [
    table(['feed', 'entities', 'items', 'held', 'on their way', ...DRIFTS, 'queued'], rows),
    '',
    drift === 0
      ? 'Nothing drifted.'
      : `${drift} items drifted${queued > 0 ? `; ${queued} entities are queued.` : '. Queue them with `verify --fix`.'}`,
    ...examples,
    ...(takenOver.length === 0
      ? []
      : [
          `Another comparison of ${takenOver.join(', ')} has begun meanwhile, and goes on from here.`,
        ]),
    ...(finished || takenOver.length > 0
      ? []
      : ['Stopped before the end: the next `verify` goes on from there.']),
  ].join('\n');
}

function rateOf(text: string): number {
  if (!/^\d{1,9}$/.test(text)) {
    throw new ExportError('SDE10-03', {
      message: `--rows-per-second takes a whole number, 0 for no limit, not “${text}”.`,
    });
  }
  return Number(text);
}
