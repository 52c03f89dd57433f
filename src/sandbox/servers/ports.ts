import { createServer } from 'node:net';

/** Whether a server can listen on the port of 127.0.0.1. */
export async function isFreePort(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** Ports this process was given, so that it does not give one twice before a server listens. */
const given = new Set<number>();

/**
 * A TCP port of 127.0.0.1 that nothing listens on. Another program can still take it before it is
 * used, so whoever starts a server on it has to be ready to try another.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = await new Promise<number>((resolve, reject) => {
      const server = createServer();
      server.once('error', reject);
      server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
      });
    });
    if (port !== 0 && !given.has(port)) {
      given.add(port);
      return port;
    }
  }
}
