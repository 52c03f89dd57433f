import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { findMariaDb } from '../src/sandbox/servers/mariadb-binaries.js';
import { startMariaDb, type MariaDb } from '../src/sandbox/servers/mariadb.js';
import type { ServerProcess } from '../src/sandbox/servers/processes.js';
import { findTemporal } from '../src/sandbox/servers/temporal-binary.js';
import {
  startTemporalServer,
  type TemporalServer,
} from '../src/sandbox/servers/temporal-server.js';

const tools = { environment: process.env, report: () => undefined };
const NAMESPACE = 'default';

/** A server of one test file, which may kill it and start it again: same data, same port. */
export class OwnServer<Server extends Pick<ServerProcess, 'stop' | 'kill'>> {
  readonly #start: (again: Server | undefined) => Promise<Server>;
  readonly #directory: string;
  #server: Server;

  private constructor(
    server: Server,
    directory: string,
    start: (again: Server | undefined) => Promise<Server>,
  ) {
    this.#server = server;
    this.#directory = directory;
    this.#start = start;
  }

  /** A database server that loses no commit when it is killed. */
  static async mariaDb(): Promise<OwnServer<MariaDb>> {
    const binaries = await findMariaDb(tools);
    return OwnServer.#create<MariaDb>('mariadb', (directory, again) =>
      startMariaDb({
        binaries,
        environment: process.env,
        directory,
        durable: true,
        ...(again === undefined ? {} : { port: again.port }),
      }),
    );
  }

  /** A Temporal server that keeps its histories in a file. */
  static async temporal(): Promise<OwnServer<TemporalServer>> {
    const { path: binary } = await findTemporal(tools);
    return OwnServer.#create<TemporalServer>('temporal', (directory, again) =>
      startTemporalServer({
        binary,
        environment: process.env,
        namespace: NAMESPACE,
        searchAttributes: {},
        dbFile: join(directory, 'temporal.db'),
        ...(again === undefined
          ? {}
          : {
              port: Number(again.address.split(':')[1]),
              uiPort: Number(new URL(again.uiUrl).port),
            }),
      }),
    );
  }

  static async #create<Server extends Pick<ServerProcess, 'stop' | 'kill'>>(
    name: string,
    start: (directory: string, again?: Server) => Promise<Server>,
  ): Promise<OwnServer<Server>> {
    const directory = await mkdtemp(join(tmpdir(), `saas-export-test-${name}-`));
    return new OwnServer(await start(directory), directory, (again) => start(directory, again));
  }

  /** As it was started last. */
  get server(): Server {
    return this.#server;
  }

  /** Ends it with kill -9. */
  async kill(): Promise<void> {
    await this.#server.kill();
  }

  async startAgain(): Promise<void> {
    this.#server = await this.#start(this.#server);
  }

  async close(): Promise<void> {
    await this.#server.stop();
    await rm(this.#directory, { recursive: true, force: true });
  }
}
