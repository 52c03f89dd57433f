import type { CommerceDatabase } from '../../commerce/database.js';
import type { Collect, Feed, FeedContext } from '../../feeds/feed.js';
import type { Store } from '../../store/store.js';
import { dropVerification, readVerification, saveVerification } from '../../store/verification.js';
import type { ServiceReader } from '../service-reader.js';
import { addRange, NO_FINDINGS, type Findings } from './drift.js';
import type { Pace } from './pace.js';
import { compareService } from './service-pass.js';
import { compareSource, nextSourceRange } from './source-pass.js';

export interface VerifyOptions {
  readonly feed: Feed;
  readonly commerce: CommerceDatabase;
  readonly store: Store;
  readonly context: FeedContext;
  /** Undefined where the service cannot be read, or not as the items are kept. */
  readonly service: ServiceReader | undefined;
  readonly fix: boolean;
  readonly pace: Pace;
  /** Stops after the range that is being compared; the next comparison goes on behind it. */
  readonly signal: AbortSignal;
}

export interface Verification extends Findings {
  /** False where it was stopped. */
  readonly finished: boolean;
}

/** Ranges after which settings and attributes of the shop are read anew. */
const RANGES_OF_AN_EPOCH = 100;

/**
 * Compares a feed range by range: the shop with the feed table, then the feed table with the
 * service. Where it stands is stored after each range.
 */
export async function verifyFeed(options: VerifyOptions): Promise<Verification> {
  const { feed, store } = options;
  const stored = await readVerification(store, feed.name);
  let findings = stored === undefined ? NO_FINDINGS : (JSON.parse(stored.findings) as Findings);
  if (stored?.pass !== 'service') {
    const compared = await sourcePass(options, findings, Number(stored?.position ?? '-1'));
    if (!compared.finished) return compared;
    findings = compared;
  }
  const compared = await servicePass(
    options,
    findings,
    stored?.pass === 'service' ? stored.position : '',
  );
  if (compared.finished) await dropVerification(store, feed.name);
  return compared;
}

async function sourcePass(
  options: VerifyOptions,
  start: Findings,
  startAfter: number,
): Promise<Verification> {
  const { feed, store, commerce, context, pace, signal } = options;
  let findings = start;
  let after = startAfter;
  let collect: Collect | undefined;
  for (let number = 0; !signal.aborted; number++) {
    const range = await nextSourceRange(options, after);
    if (range === undefined) return { ...findings, finished: true };
    if (collect === undefined || number % RANGES_OF_AN_EPOCH === 0) {
      collect = await commerce.snapshot((read) => feed.open(context, read));
    }
    const found = await compareSource(options, collect, range);
    findings = addRange(findings, found);
    after = range.to;
    await saveVerification(store, feed.name, {
      pass: 'source',
      position: String(after),
      findings: JSON.stringify(findings),
    });
    await pace.spend((found.items ?? 0) + range.entities, signal);
  }
  return { ...findings, finished: false };
}

async function servicePass(
  options: VerifyOptions,
  start: Findings,
  startAfter: string,
): Promise<Verification> {
  const { feed, store, service, pace, signal } = options;
  let findings = start;
  if (service === undefined) return { ...findings, finished: true };
  let after = startAfter;
  while (!signal.aborted) {
    const found = await compareService(options, service, after);
    findings = addRange(findings, found);
    if (found.position === undefined) return { ...findings, finished: true };
    after = found.position;
    await saveVerification(store, feed.name, {
      pass: 'service',
      position: after,
      findings: JSON.stringify(findings),
    });
    await pace.spend(found.heldItems ?? 0, signal);
  }
  return { ...findings, finished: false };
}
