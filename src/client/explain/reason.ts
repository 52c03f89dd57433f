import { STATUS } from '../../store/settlements.js';
import type { EntityExplanation, ItemExplanation, SentItem } from './explanation.js';

/** How an item stands; the order is the one in which trouble is told first. */
export const VERDICTS = [
  'quarantined',
  'deletion held',
  'refused',
  'failed',
  'to retry',
  'lost at the service',
  'other at the service',
  'changed',
  'never sent',
  'waiting',
  'deletion waits',
  'not noticed as gone',
  'owned by another entity',
  'accepted',
  'in the service',
  'deleted',
] as const;

export type Verdict = (typeof VERDICTS)[number];

type Facts = Omit<ItemExplanation, 'verdict' | 'sentence' | 'identity' | 'feedId'> & {
  readonly entityId: number;
  readonly isPending: boolean;
};

/** What the facts of an item come to. */
export function verdictOf(facts: Facts): Verdict {
  const { now, sent, service } = facts;
  if (facts.quarantine !== null) return 'quarantined';
  if (sent === null) return 'never sent';
  if (now !== null && sent.entityId > facts.entityId && !sent.deleted) {
    return 'owned by another entity';
  }
  const same = now !== null && sent.hash === now.hash && sent.recipeIsCurrent && !sent.deleted;
  if (now === null) {
    if (sent.deleted && sent.status === STATUS.accepted) return 'deleted';
    if (sent.deletionHeld) return 'deletion held';
    if (sent.deletionWaits || sent.deleted) return 'deletion waits';
    if (sent.status === STATUS.failed && sent.hash === '') return 'failed';
    return 'not noticed as gone';
  }
  switch (sent.status) {
    case STATUS.refused:
      return same ? 'refused' : 'changed';
    case STATUS.failed:
      return same || sent.hash === '' ? 'failed' : 'changed';
    case STATUS.waiting:
      return 'waiting';
    case STATUS.accepted:
      if (!same) return 'changed';
      if (service.state === 'absent' || service.state === 'deleted') return 'lost at the service';
      if (service.state === 'unreadable') return 'accepted';
      // Where the item is yielded, a difference that names the service is one from now.
      return facts.differences.some((each) => 'service' in each)
        ? 'other at the service'
        : 'in the service';
    default:
      return 'to retry';
  }
}

/** The verdict in a sentence, with what happens next. */
export function sentenceOf(verdict: Verdict, facts: Facts & { readonly feed: string }): string {
  const { sent, isPending, feed } = facts;
  const stamp = sent?.stamp == null ? '' : ` (sent ${sent.stamp} UTC)`;
  const next = isPending
    ? 'Its change is noted and goes out with the next partial sync.'
    : 'No change is noted, so it goes out with the next full sync of the feed, or with `resync --by-ids` now.';
  switch (verdict) {
    case 'quarantined':
      return quarantineSentence(facts);
    case 'refused':
      return `The service refused its request as invalid${reasonOf(sent)}; it waits until the content changes.`;
    case 'failed':
      return `It failed${reasonOf(sent)}; it waits until the content changes.`;
    case 'to retry':
      return `The service could not take it${reasonOf(sent)}; attempt ${String(sent?.attempts ?? 0)} failed${nextTry(sent)}.`;
    case 'lost at the service':
      return `It was sent and accepted${stamp}, but the service does not hold it; \`verify --fix\` sends it again.`;
    case 'other at the service':
      return `It was sent and accepted${stamp}, but the service holds other content; \`verify --fix\` sends it again.`;
    case 'changed':
      return `It has changed since it was last sent${stamp}. ${next}`;
    case 'never sent':
      return `It was never collected. ${next}`;
    case 'waiting':
      return `It waits for its first answer from the service. ${next}`;
    case 'deletion held':
      return `It is gone from the shop; its deletion is one of so many that they are held until somebody decides: \`deletions list --feed ${feed}\`.`;
    case 'deletion waits':
      return 'It is gone from the shop, and its deletion has not been acknowledged by the service yet.';
    case 'not noticed as gone':
      return `The shop yields it no more, but ${
        facts.service.state === 'unreadable'
          ? 'its deletion was never sent'
          : 'the service still has it'
      }. ${next}`;
    case 'owned by another entity':
      return `Entity ${String(sent?.entityId ?? '')} yields an item of the same identity and owns it, since its id is higher.`;
    case 'accepted':
      return `It was sent and accepted as it is in the shop now${stamp}; whether the service holds it cannot be seen (${unreadReason(facts)}).`;
    case 'in the service':
      return `It is in the service, as it is in the shop now${stamp}.`;
    case 'deleted':
      return `It is gone from the shop, and the service knows${stamp}.`;
  }
}

function unreadReason({ service }: Facts): string {
  return service.state === 'unreadable' ? service.reason : '';
}

function quarantineSentence({ quarantine, feed }: Facts & { readonly feed: string }): string {
  const { state = 'quarantined', refusals = 0, reason = '' } = quarantine ?? {};
  const times = refusals === 1 ? 'once' : `${refusals} times`;
  const where = state === 'ignored' ? 'and is ignored' : 'and is in quarantine';
  return `The service refused this content ${times} ${where}${reason === '' ? '' : ` (${reason})`}; it is sent again when its content changes, or by \`quarantine replay --feed ${feed}\`.`;
}

function reasonOf(sent: SentItem | null): string {
  return sent?.error == null || sent.error === '' ? '' : ` (${sent.error})`;
}

function nextTry(sent: SentItem | null): string {
  return sent?.nextTryAt == null ? '' : `, next try from ${sent.nextTryAt} UTC on`;
}

/** Why the thing is or is not in the service: the worst of its items, or why it has none. */
export function overallSentence(
  feed: string,
  asked: string,
  entities: readonly EntityExplanation[],
): string {
  const items = entities.flatMap((entity) => entity.items);
  const failure = entities.flatMap((entity) => entity.failures)[0];
  if (failure !== undefined) {
    return `${asked} cannot be exported to ${feed} as it is: ${failure.code} ${failure.message}`;
  }
  if (items.length === 0) return withoutItems(feed, asked, entities);
  const [worst] = [...items].sort(
    (a, b) => VERDICTS.indexOf(a.verdict) - VERDICTS.indexOf(b.verdict),
  );
  const count = items.filter(({ verdict }) => verdict === worst?.verdict).length;
  const share =
    items.length === 1
      ? `${asked} in ${feed}:`
      : `${asked} in ${feed}, ${count} of ${items.length} items “${worst?.verdict ?? ''}”:`;
  return `${share} ${worst?.sentence ?? ''}${disabledSentence(worst?.verdict, entities)}`;
}

/** What is disabled is exported, and not shown to customers: the most frequent surprise. */
function disabledSentence(
  verdict: Verdict | undefined,
  entities: readonly EntityExplanation[],
): string {
  const product = entities[0]?.source.product;
  const isThere = verdict === 'in the service' || verdict === 'accepted';
  if (!isThere || product == null || product.disabledIn.length === 0) return '';
  const where =
    product.enabledIn.length === 0 ? 'all its store views' : product.disabledIn.join(', ');
  return ` It is disabled in ${where}, so the storefront does not show it there.`;
}

function withoutItems(feed: string, asked: string, entities: readonly EntityExplanation[]): string {
  const [first] = entities;
  if (first === undefined || !first.source.exists) {
    return `The Commerce database has no ${asked}, and nothing of it was ever sent to ${feed}.`;
  }
  if (!first.source.covered) {
    return `${asked} is in the Commerce database, but outside of what ${feed} exports (for example older than its window of days).`;
  }
  if (first.source.product?.websites.length === 0) {
    return `${asked} is in the Commerce database, but assigned to no website, so it has no items in ${feed}.`;
  }
  return `${asked} is in the Commerce database, but yields no items in ${feed}.`;
}
