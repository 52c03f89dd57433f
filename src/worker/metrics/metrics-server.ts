import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import { request } from 'undici';

import { ExportError } from '../../errors/export-error.js';

export interface MetricsServerOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly registry: Registry;
  /** Called before the metrics are told. */
  readonly refresh: () => Promise<void>;
  /** Where Temporal's SDK tells its own, to be told along; undefined: nowhere. */
  readonly temporalUrl: string | undefined;
}

/** Serves `/metrics` in Prometheus' text format, Temporal's SDK metrics included, and `/health`. */
export class MetricsServer {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** @throws ExportError SDE20-05 where the port is in use, SDE10-01 where it cannot be had. */
  static async start(options: MetricsServerOptions): Promise<MetricsServer> {
    const { host, port, registry, refresh, temporalUrl } = options;
    const server = createServer((incoming, outgoing) => {
      const path = incoming.url?.split('?')[0];
      if (path !== '/metrics' && path !== '/health') {
        outgoing.writeHead(404).end();
        return;
      }
      if (path === '/health') {
        outgoing.writeHead(200, { 'content-type': 'text/plain' }).end('ok\n');
        return;
      }
      Promise.all([refresh().then(() => registry.metrics()), temporalMetrics(temporalUrl)]).then(
        ([own, temporal]) => {
          outgoing
            .writeHead(200, { 'content-type': registry.contentType })
            .end(`${own}${temporal}`);
        },
        () => outgoing.writeHead(500).end(),
      );
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', (cause: NodeJS.ErrnoException) => {
        const taken = cause.code === 'EADDRINUSE';
        reject(
          new ExportError(taken ? 'SDE20-05' : 'SDE10-01', {
            message: taken
              ? `METRICS_PORT: port ${port} of ${host} is in use; each process needs its own.`
              : `METRICS_PORT: ${host}:${port} cannot be listened on.`,
            cause,
          }),
        );
      });
      server.listen(port, host, resolve);
    });
    return new MetricsServer(server);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

/** What Temporal's SDK tells; nothing where it does not answer. */
async function temporalMetrics(url: string | undefined): Promise<string> {
  if (url === undefined) return '';
  try {
    const { statusCode, body } = await request(url, { signal: AbortSignal.timeout(2000) });
    const text = await body.text();
    return statusCode === 200 ? text : '';
  } catch {
    return '';
  }
}

/** A port of this machine that nobody listens on just now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}
