import { request, type Dispatcher } from 'undici';

import type { FeedName } from '../feeds/names.js';
import type { Sandbox } from './sandbox.js';

/** What the sandbox's service holds of a feed, an item a line, as it was received. */
export async function heldItems(
  { serviceUrl, environmentId, settings }: Sandbox,
  feed: FeedName,
): Promise<Dispatcher.ResponseData['body']> {
  const { statusCode, body } = await request(
    `${serviceUrl}/v1/environments/${environmentId}/feeds/${feed}/items?format=jsonl`,
    { headers: { 'x-api-key': settings['SERVICE_API_KEY'] ?? '' } },
  );
  if (statusCode !== 200) throw new Error(`the items of ${feed}: HTTP ${statusCode}`);
  return body;
}
