import { withDatabases } from '../databases.js';
import { print, type ConnectionFlags, type JsonFlag } from '../edge.js';
import { durationText } from '../estimate/duration.js';
import { estimateFeeds, type Estimate } from '../estimate/estimate.js';
import { enabledFeeds } from '../feed-choice.js';
import { table } from '../table.js';

export interface EstimateFlags extends ConnectionFlags, JsonFlag {
  readonly feed?: string;
}

/** Prints what a full sync of this shop comes to: records, requests, time, and what bounds it. */
export async function estimate(flags: EstimateFlags): Promise<void> {
  const result = await withDatabases(flags, ({ configuration, store, inShop }) => {
    const feeds = enabledFeeds(flags.feed, configuration.feeds.enabled);
    return inShop((shop, read) => estimateFeeds(shop, read, { store, feeds, configuration }));
  });
  print(flags.json, result, () => estimateText(result));
}

function estimateText({ feeds, total, requestsPerSecond }: Estimate): string {
  const rows = feeds.map((each) => [
    each.feed,
    each.records,
    each.requests,
    durationText(each.sendSeconds),
    each.measured === null ? 'not measured' : durationText(each.collectSeconds),
    durationText(each.seconds),
    each.boundBy,
    each.formula,
  ]);
  const budget =
    requestsPerSecond === 0
      ? 'There is no request budget (SERVICE_REQUESTS_PER_SECOND is 0).'
      : `The budget is ${requestsPerSecond} requests a second for all feeds together.`;
  return [
    table(
      ['feed', 'records', 'requests', 'sending', 'collecting', 'time', 'bound by', 'counted as'],
      rows,
    ),
    '',
    `In all ${total.records.toLocaleString('en-US')} records in ${total.requests.toLocaleString('en-US')} requests: ${durationText(total.seconds)}, bound by: ${total.boundBy}.`,
    budget,
    ...(feeds.some((each) => each.measured === null && each.records > 0)
      ? ['Where no run was measured yet, collecting is taken to keep pace with sending.']
      : []),
  ].join('\n');
}
