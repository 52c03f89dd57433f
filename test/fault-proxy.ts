import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { request } from 'undici';

/** What happens to a request: nothing by default. */
export interface Fault {
  /** Answer this instead of asking the service. */
  readonly status?: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Wait before the service is asked, and before its answer is passed on. */
  readonly delayMs?: number;
  readonly answerDelayMs?: number;
  /** Cut the connection: before the service is asked, or after it has answered. */
  readonly cut?: 'before' | 'after';
  /** Called when the service has answered, before that is passed on. */
  readonly answered?: () => void;
}

export interface SeenRequest {
  readonly number: number;
  readonly path: string;
  readonly at: number;
  /** The items it holds. */
  items(): Record<string, unknown>[];
}

/** Stands between worker and service, counts the requests and makes faults happen. */
export class FaultProxy {
  readonly requests: SeenRequest[] = [];
  /** Decides on each request, numbered from 1. */
  fault: (seen: SeenRequest) => Fault = () => ({});
  readonly #server: Server;
  readonly #target: string;
  readonly #open: string[] = [];

  private constructor(target: string) {
    this.#target = target;
    this.#server = createServer((incoming, outgoing) => {
      const path = incoming.url ?? '';
      this.#open.push(path);
      this.#handle(incoming, outgoing)
        .catch(() => outgoing.destroy())
        .finally(() => this.#open.splice(this.#open.indexOf(path), 1))
        .catch(() => undefined);
    });
  }

  static async start(target: string): Promise<FaultProxy> {
    const proxy = new FaultProxy(target);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Resolves when `count` requests have arrived. */
  async seen(count: number): Promise<void> {
    while (this.requests.length < count) await sleep(10);
  }

  /** Resolves when no request to this path is under way. */
  async idle(path: string): Promise<void> {
    while (this.#open.includes(path)) await sleep(5);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    if (incoming.method === 'GET') return this.#look(incoming, outgoing);
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const received = Buffer.concat(chunks);
    const seen: SeenRequest = {
      number: this.requests.length + 1,
      path: incoming.url ?? '',
      at: performance.now(),
      items: () => JSON.parse(gunzipSync(received).toString()) as Record<string, unknown>[],
    };
    this.requests.push(seen);
    const fault = this.fault(seen);
    if (fault.cut === 'before') return void incoming.socket.destroy();
    if (fault.delayMs !== undefined) await sleep(fault.delayMs);
    if (fault.status !== undefined) {
      outgoing.writeHead(fault.status, { ...fault.headers });
      outgoing.end(fault.body ?? '');
      return;
    }
    const { host: _, connection: __, ...headers } = incoming.headers;
    const answer = await request(`${this.#target}${incoming.url ?? ''}`, {
      method: 'POST',
      headers: headers as Record<string, string>,
      body: received,
    });
    const body = Buffer.from(await answer.body.arrayBuffer());
    fault.answered?.();
    if (fault.cut === 'after') return void incoming.socket.destroy();
    if (fault.answerDelayMs !== undefined) await sleep(fault.answerDelayMs);
    outgoing.writeHead(answer.statusCode, {
      'content-type': answer.headers['content-type'] ?? 'application/json',
      'x-request-id': answer.headers['x-request-id'] ?? '',
    });
    outgoing.end(body);
  }

  /** Looks at the service pass as they are, and are not counted. */
  async #look(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { host: _, connection: __, ...headers } = incoming.headers;
    const answer = await request(`${this.#target}${incoming.url ?? ''}`, {
      headers: headers as Record<string, string>,
    });
    outgoing.writeHead(answer.statusCode, {
      'content-type': answer.headers['content-type'] ?? 'application/json',
    });
    outgoing.end(Buffer.from(await answer.body.arrayBuffer()));
  }
}
