import { rootCertificates } from 'node:tls';
import { Agent, EnvHttpProxyAgent, type Dispatcher } from 'undici';

export interface DispatcherOptions {
  /** Until headers, and between two parts of a body. */
  readonly timeoutSeconds: number;
  /** PEM of the authorities that are trusted beside the usual ones; none: only those. */
  readonly authorities?: readonly string[] | undefined;
  readonly proxy?: ProxySettings | undefined;
}

/** As the usual variables say: HTTP_PROXY, HTTPS_PROXY, NO_PROXY. */
export interface ProxySettings {
  readonly http?: string | undefined;
  readonly https?: string | undefined;
  readonly exceptions?: string | undefined;
}

const CONNECT_MILLISECONDS = 10_000;
const KEEP_ALIVE_MILLISECONDS = 30_000;

/** Connections to the service: kept alive, with timeouts for each step, through a proxy if need be. */
export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { timeoutSeconds, authorities, proxy } = options;
  const tls = authorities === undefined ? {} : { ca: [...rootCertificates, ...authorities] };
  const common = {
    connect: { timeout: CONNECT_MILLISECONDS, ...tls },
    headersTimeout: timeoutSeconds * 1000,
    bodyTimeout: timeoutSeconds * 1000,
    keepAliveTimeout: KEEP_ALIVE_MILLISECONDS,
  };
  const { http, https, exceptions } = proxy ?? {};
  if (http === undefined && https === undefined) return new Agent(common);
  return new EnvHttpProxyAgent({
    ...common,
    requestTls: { timeout: CONNECT_MILLISECONDS, ...tls },
    proxyTls: { timeout: CONNECT_MILLISECONDS, ...tls },
    // What is not set must not be looked up in the environment.
    httpProxy: http ?? '',
    httpsProxy: https ?? '',
    noProxy: exceptions ?? '',
  });
}
