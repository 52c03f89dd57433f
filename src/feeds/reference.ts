import type { TSchema } from 'typebox';

import type { Feed, WatchedTable } from './feed.js';
import type { FeedName } from './names.js';
import { describeFields, type FieldDescription } from './reference-fields.js';
import { allFeeds } from './registry.js';
import { itemsPerRequest, ROUTE_PRESETS, type FeedRoute } from './routes.js';
import { CustomerGroupOnTheWire, WebsiteOnTheWire } from './scopes-on-the-wire.js';

const INTRODUCTION = `# Feeds

<!-- Made from src/feeds; \`npm run docs\` makes it anew. -->

A feed is a stream of items about one kind of thing in Commerce. Each feed below has a contract: the
fields of its items, exactly these and no others. An item that breaks it is refused.

- **Mode** \`immediate\`: items are collected, compared with what was sent last, and sent in one pass.
  \`legacy\`: items are stored whole first, and published afterwards.
- **Identity**: the fields that tell items apart. The feed id is the SHA-1 of their values, joined by
  NUL bytes, in lower-case hex.
- **Kept** of an item that was sent: the fields that its deletion carries, beside \`deleted: true\` and
  a new stamp.
- **Stamp**: the time of sending. It never counts as content: an item is sent again when anything else
  has changed.
- **Watched tables**: what may change the items, without the installation's table prefix. Of each
  changed row the key is noted, before and after. A partial sync collects the entities that the change
  *concerns*, or the whole feed where that is said or where there are too many. \`entity_id\` stands
  for \`row_id\` in tables that have only that, and \`*\` for the numbers of stores and stocks. Updates
  of \`updated_at\` alone count only where that is said; a change that counts for one feed may be
  looked at for another, in vain.
- **Required** fields are in every item; the others are absent where there is nothing to say. Deletions
  need the fields of the identity alone.
- Ids of Commerce are numbers or decimal text, as said for each field. Amounts are numbers.
`;

const WIRE_FORMS: Partial<Readonly<Record<FeedName, TSchema>>> = {
  scopesWebsite: WebsiteOnTheWire,
  scopesCustomerGroup: CustomerGroupOnTheWire,
};

/** The page docs/feeds.md. */
export function renderFeedReference(): string {
  const feeds = allFeeds();
  const overview = table(
    ['Feed', 'Items', 'Mode', 'Identity'],
    feeds.map((feed) => [
      `[${feed.name}](#${feed.name.toLowerCase()})`,
      feed.summary,
      feed.mode,
      codes(feed.identity),
    ]),
  );
  return [INTRODUCTION, overview, ...feeds.map(section)].join('\n');
}

function section(feed: Feed): string {
  const wireForm = WIRE_FORMS[feed.name];
  return `## ${feed.name}

${sentence(feed.summary)}

${table(['', ''], facts(feed))}
### Fields of ${feed.name}

${fieldTable(describeFields(feed.contract))}${
    wireForm === undefined
      ? ''
      : `
On the wire the route takes items in a form of its own:

${fieldTable(describeFields(wireForm))}`
  }
### Tables watched for ${feed.name}

${table(['Table', 'Key', 'Changes that count', 'Concern'], feed.watches.map(watchedRow))}`;
}

function facts(feed: Feed): string[][] {
  const route: FeedRoute = ROUTE_PRESETS['commerce-services'][feed.name];
  return [
    ['Mode', feed.mode],
    ['Identity', identityOf(feed)],
    ['Source id', `\`${feed.sourceIdField}\``],
    ['Kept', codes(feed.mode === 'legacy' ? ['the whole item'] : feed.minimalPayload)],
    ['Stamp', `\`${feed.stamp.field}\`, ${STAMP_FORMATS[feed.stamp.format]}`],
    ['Not counted as content', codes([feed.stamp.field, ...feed.unhashed])],
    ['Deletions', feed.removable ? 'sent' : 'never sent'],
    ['Items in a request', `${feed.batchSize}, at most ${itemsPerRequest(feed.name)}`],
    ['Entities collected at once', String(feed.pageSize)],
    ['Needs tables', feed.requiredTables === undefined ? 'none' : codes(feed.requiredTables)],
    ['Feed table', `\`${feed.table}\``],
    ['Route', codes([route.path, ...route.alternatives])],
    ...(route.feedForm === undefined ? [] : [['Route in feed form', `\`${route.feedForm}\``]]),
  ];
}

const STAMP_FORMATS = {
  sql: 'UTC, as in `2026-11-21 22:40:05`',
  rfc3339: 'UTC, as in `2026-11-21T22:40:05+00:00`',
} as const;

function identityOf({ identity, blanksInIdentity, sharedIdentities }: Feed): string {
  const remarks = [
    ...(blanksInIdentity === true ? ['absent ones count as empty text'] : []),
    ...(sharedIdentities === true ? ['of entities that share one, the highest id owns it'] : []),
  ];
  return [codes(identity), ...remarks].join('; ');
}

function fieldTable(fields: readonly FieldDescription[]): string {
  return table(
    ['Field', 'Type', 'Required', 'Description'],
    fields.map(({ path, type, required, description }) => [
      `\`${path}\``,
      type,
      required ? 'yes' : 'no',
      description,
    ]),
  );
}

function watchedRow({ table: name, key, limitedTo, concerns, ...counted }: WatchedTable): string[] {
  const changes = countedChanges(counted.ignoring, counted.only);
  return [
    `\`${name}\``,
    codes(key),
    limitedTo === undefined ? changes : `${changes}; ${limitedTo}`,
    counted.wholeFeed === true ? `the whole feed: ${concerns}` : concerns,
  ];
}

function countedChanges(ignoring: WatchedTable['ignoring'], only: WatchedTable['only']): string {
  if (only !== undefined) {
    return `rows that come or go${only.length === 0 ? '' : `, updates of ${codes(only)}`}`;
  }
  if (ignoring === undefined) return 'all';
  return ignoring.length === 0 ? 'all, `updated_at` too' : `all but of ${codes(ignoring)}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows.map((row) => row.map(cell))];
  return lines.map((line) => `| ${line.join(' | ')} |\n`).join('');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ');
}

function codes(names: readonly string[]): string {
  return names.map((name) => (name.includes(' ') ? name : `\`${name}\``)).join(', ');
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
