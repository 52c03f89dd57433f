import colors from 'picocolors';

import { table } from '../table.js';
import type { EntityExplanation, Explanation, ItemExplanation } from './explanation.js';

/** An explanation for people: the sentence first, then what it rests on. */
export function explanationText({ sentence, entities }: Explanation): string {
  return [colors.bold(sentence), ...entities.map(entityText)].join('\n\n');
}

function entityText(entity: EntityExplanation): string {
  const { product } = entity.source;
  const facts = [
    `Entity ${entity.entityId}: ${entity.source.exists ? 'in the Commerce database' : 'not in the Commerce database'}`,
    ...(product === null
      ? []
      : [
          `${product.type} ${product.sku}; websites: ${listed(product.websites)}; enabled in: ${listed(product.enabledIn)}; disabled in: ${listed(product.disabledIn)}`,
        ]),
    entity.pending === null
      ? 'No change waits.'
      : `A change of ${entity.pending.changedAt} UTC waits.`,
    ...entity.failures.map(({ code, message }) => `${code} ${message}`),
  ];
  return [
    facts.join('\n'),
    ...(entity.items.length === 0 ? [] : [itemTable(entity.items)]),
    ...entity.items.flatMap(differenceTable),
  ].join('\n');
}

function itemTable(items: readonly ItemExplanation[]): string {
  return table(
    ['item', 'verdict', 'now', 'sent', 'status', 'stamp', 'request', 'service'],
    items.map(({ feedId, identity, verdict, now, sent, service }) => [
      identity?.join(' · ') ?? feedId,
      verdict,
      now?.hash.slice(0, 8) ?? '–',
      sent === null || sent.hash === '' ? '–' : sent.hash.slice(0, 8),
      sent === null ? '–' : `${sent.word}${sent.deleted ? ', deleted' : ''}`,
      sent?.stamp ?? '–',
      sent?.requestId ?? '–',
      service.state === 'unreadable' ? service.reason : service.state,
    ]),
  );
}

function differenceTable({ identity, feedId, differences, sentence }: ItemExplanation): string[] {
  const title = `\n${colors.bold(identity?.join(' · ') ?? feedId)}: ${sentence}`;
  if (differences.length === 0) return [title];
  return [
    title,
    table(
      ['field', 'now', 'sent', 'service'],
      differences.map((each) => [
        each.path,
        'now' in each ? short(each.now) : '',
        'sent' in each ? short(each.sent) : '',
        'service' in each ? short(each.service) : '',
      ]),
    ),
  ];
}

function listed(codes: readonly string[]): string {
  return codes.length === 0 ? 'none' : codes.join(', ');
}

function short(value: unknown): string {
  const text = value === undefined ? 'absent' : JSON.stringify(value);
  return text.length > 50 ? `${text.slice(0, 49)}…` : text;
}
