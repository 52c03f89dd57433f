import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';

export interface Received {
  /** From 1. */
  readonly number: number;
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Milliseconds, when its head was read. */
  readonly at: number;
  readonly text: string;
  readonly items: readonly Record<string, unknown>[];
}

export interface Reply {
  /** Default 200. */
  readonly status?: number;
  /** Text, or what becomes JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly delayMs?: number;
  /** Cut the connection instead of answering. */
  readonly cut?: boolean;
}

/** A Commerce service that answers whatever a test wants, and remembers what it got. */
export class ServiceDouble {
  readonly requests: Received[] = [];
  /** Requests that are being answered now, and the most there ever were. */
  inFlight = 0;
  mostInFlight = 0;
  reply: (received: Received) => Reply | Promise<Reply> = () => ({});
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((incoming, outgoing) => {
      this.#handle(incoming, outgoing).catch(() => outgoing.destroy());
    });
  }

  static async start(): Promise<ServiceDouble> {
    const service = new ServiceDouble();
    await new Promise<void>((resolve) => service.#server.listen(0, '127.0.0.1', resolve));
    return service;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Values of a field of all items, in the order in which they arrived. */
  received(field: string): unknown[] {
    return this.requests.flatMap(({ items }) => items.map((item) => item[field]));
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const at = performance.now();
    this.inFlight += 1;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    try {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(chunk as Buffer);
      const raw = Buffer.concat(chunks);
      const gzipped = incoming.headers['content-encoding'] === 'gzip';
      const text = (gzipped ? gunzipSync(raw) : raw).toString();
      const isJson = incoming.headers['content-type'] === 'application/json';
      const received: Received = {
        number: this.requests.length + 1,
        method: incoming.method ?? '',
        path: incoming.url ?? '',
        headers: incoming.headers,
        at,
        text,
        items: isJson && text !== '' ? (JSON.parse(text) as Record<string, unknown>[]) : [],
      };
      this.requests.push(received);
      const { status = 200, body = '', headers = {}, delayMs, cut } = await this.reply(received);
      if (delayMs !== undefined) await sleep(delayMs, undefined, { ref: false });
      if (cut === true) return void incoming.socket.destroy();
      outgoing.writeHead(status, { 'x-request-id': `request-${received.number}`, ...headers });
      outgoing.end(typeof body === 'string' ? body : JSON.stringify(body));
    } finally {
      this.inFlight -= 1;
    }
  }
}
