import Fastify from 'fastify';
import { request } from 'undici';
import { gunzipSync } from 'node:zlib';

import { FEED_NAMES, type FeedName } from '../../feeds/names.js';
import { DATA_SPACE_ID, ROUTE_PRESETS, type FeedRoute } from '../../feeds/routes.js';
import type { Item } from './field-differences.js';

/** Stands before the service and keeps what was submitted. */
export interface RecordingProxy {
  readonly url: string;
  /** The items submitted since the last call, by feed, in the order in which they were accepted. */
  take(): ReadonlyMap<FeedName, Item[]>;
  close(): Promise<void>;
}

/** Starts a proxy on a free port; the worker's routes are those of the standard preset. */
export async function startRecordingProxy(serviceUrl: string): Promise<RecordingProxy> {
  let submitted = new Map<FeedName, Item[]>();
  const app = Fastify({ bodyLimit: 64 * 1024 * 1024 });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.all('/*', async (incoming, reply) => {
    const { host: _host, connection: _connection, ...headers } = incoming.headers;
    const body = incoming.body instanceof Buffer ? incoming.body : null;
    const answer = await request(`${serviceUrl}${incoming.url}`, {
      method: incoming.method as 'POST',
      headers: headers as Record<string, string>,
      body,
    });
    const feed = feedOf(incoming.url);
    if (feed !== undefined && body !== null && answer.statusCode === 200) {
      const text = headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
      const items = JSON.parse(text.toString('utf8')) as Item[];
      submitted.set(feed, [...(submitted.get(feed) ?? []), ...items]);
    }
    const { 'transfer-encoding': _encoding, ...answered } = answer.headers;
    return reply
      .code(answer.statusCode)
      .headers(answered)
      .send(Buffer.from(await answer.body.arrayBuffer()));
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    url,
    take() {
      const taken = submitted;
      submitted = new Map();
      return taken;
    },
    close: () => app.close(),
  };
}

/** The feed that a request path is the route of. */
function feedOf(url: string): FeedName | undefined {
  return FEED_NAMES.find((feed) => {
    const route: FeedRoute = ROUTE_PRESETS['commerce-services'][feed];
    const [start = '', end = ''] = (route.feedForm ?? route.path).split(DATA_SPACE_ID);
    const path = url.replace(/^\//, '').split('?')[0] ?? '';
    return path.startsWith(start) && path.endsWith(end);
  });
}
