import type { Configuration } from '../../configuration/configuration.js';
import { temporalConnectionOptions } from '../../configuration/temporal.js';
import { explainCauses, ExportError } from '../../errors/export-error.js';
import { allFeeds } from '../../feeds/registry.js';
import { requireMigrated } from '../../store/migrate.js';
import { Store } from '../../store/store.js';
import { connectTemporal } from '../temporal.js';
import { backlog } from './checks/backlog.js';
import { capture } from './checks/capture.js';
import { circuits } from './checks/circuits.js';
import { clocks } from './checks/clocks.js';
import { disk } from './checks/disk.js';
import { indexes } from './checks/indexes.js';
import { installed } from './checks/installed.js';
import { rights } from './checks/rights.js';
import { runs } from './checks/runs.js';
import { schedules } from './checks/schedules.js';
import { searchAttributes } from './checks/search-attributes.js';
import { serverSettings } from './checks/server-settings.js';
import { service } from './checks/service.js';
import { shopCron } from './checks/shop-cron.js';
import { shopIndexers } from './checks/shop-indexers.js';
import { timeZones } from './checks/time-zones.js';
import { versions } from './checks/versions.js';
import { waitingForPeople } from './checks/waiting-for-people.js';
import { workers } from './checks/workers.js';
import { DoctorDatabase } from './doctor-database.js';
import { ok, problem, type Check, type Finding, type Patient } from './finding.js';

export const CHECKS: readonly Check[] = [
  versions,
  serverSettings,
  timeZones,
  rights,
  installed,
  shopCron,
  shopIndexers,
  indexes,
  clocks,
  service,
  circuits,
  capture,
  searchAttributes,
  schedules,
  workers,
  runs,
  backlog,
  waitingForPeople,
  disk,
];

/** What `doctor --json` prints. */
export interface Diagnosis {
  /** Whether no check found a problem. */
  readonly healthy: boolean;
  readonly problems: number;
  readonly warnings: number;
  readonly findings: readonly (Finding & { readonly check: string })[];
}

/** Reaches for everything, then runs all checks on what could be reached. */
export async function diagnose(
  configuration: Configuration,
  checks: readonly Check[] = CHECKS,
): Promise<Diagnosis> {
  const findings: (Finding & { readonly check: string })[] = [];
  const closers: (() => Promise<void>)[] = [];
  const reach = async <T>(attempt: () => Promise<T>, tell: Reached): Promise<T | undefined> => {
    try {
      const reached = await attempt();
      findings.push({ check: 'connections', ...ok(`${tell.what} can be reached.`) });
      return reached;
    } catch (error) {
      findings.push({
        check: 'connections',
        ...problem(`${tell.what} cannot be reached: ${reasonOf(error)}.`, tell.why, tell.cure),
      });
      return undefined;
    }
  };
  try {
    const patient = await reachAll(configuration, reach, closers);
    for (const check of checks) {
      findings.push(
        ...(await examined(check, patient)).map((each) => ({ check: check.name, ...each })),
      );
    }
  } finally {
    await Promise.all(closers.map((close) => close()));
  }
  const count = (level: Finding['level']): number =>
    findings.filter((finding) => finding.level === level).length;
  return {
    healthy: count('problem') === 0,
    problems: count('problem'),
    warnings: count('warning'),
    findings,
  };
}

interface Reached {
  readonly what: string;
  readonly why: string;
  readonly cure: string;
}

async function reachAll(
  configuration: Configuration,
  reach: <T>(attempt: () => Promise<T>, tell: Reached) => Promise<T | undefined>,
  closers: (() => Promise<void>)[],
): Promise<Patient> {
  const database = async (url: string | undefined, prefix: string, setting: string) => {
    if (url === undefined) throw new Error(`${setting} is not set`);
    const opened = await DoctorDatabase.open(url, prefix);
    closers.push(() => opened.close());
    return opened;
  };
  const [shop, own, temporal] = await Promise.all([
    reach(
      () =>
        database(
          configuration.commerce.databaseUrl,
          configuration.commerce.tablePrefix,
          'COMMERCE_DATABASE_URL',
        ),
      {
        what: 'The Commerce database',
        why: 'Nothing can be collected.',
        cure: 'Check COMMERCE_DATABASE_URL (mysql://user:password@host:3306/database) and the network.',
      },
    ),
    reach(
      () =>
        database(
          configuration.store.databaseUrl,
          configuration.store.tablePrefix,
          'EXPORT_DATABASE_URL',
        ),
      {
        what: 'The exporter’s database',
        why: 'Without its state nothing can be sent.',
        cure: 'Check EXPORT_DATABASE_URL and the network; `saas-export install` creates the database.',
      },
    ),
    reach(
      async () => {
        const client = await connectTemporal(
          await temporalConnectionOptions(configuration.temporal),
        );
        closers.push(() => client.connection.close());
        return client;
      },
      {
        what: 'The Temporal server',
        why: 'Nothing runs without it.',
        cure: 'Check TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE, or start one with `npm start`.',
      },
    ),
  ]);
  const store = own === undefined ? undefined : await openStore(configuration, closers);
  return { configuration, shop, own, store, temporal, clock: () => new Date() };
}

/** The store; undefined where its tables have not been made. */
async function openStore(
  { store: { databaseUrl = '', tablePrefix } }: Configuration,
  closers: (() => Promise<void>)[],
): Promise<Store | undefined> {
  const store = new Store({ databaseUrl, tablePrefix, connections: 1 });
  closers.push(() => store.close());
  try {
    await requireMigrated(
      store,
      allFeeds().map((feed) => feed.table),
    );
    return store;
  } catch (error) {
    if (error instanceof ExportError && error.code === 'SDE30-01') return undefined;
    throw error;
  }
}

/** A check that fails tells so, and the others go on. */
async function examined(check: Check, patient: Patient): Promise<readonly Finding[]> {
  try {
    return await check.run(patient);
  } catch (error) {
    return [
      problem(
        `The check “${check.name}” failed: ${explainCauses(error)}.`,
        'What it looks at is not known.',
        'Cure the reason, and run `saas-export doctor` again.',
      ),
    ];
  }
}

function reasonOf(error: unknown): string {
  const reason = error instanceof ExportError ? (error.cause ?? error) : error;
  return explainCauses(reason).replace(/\.$/, '');
}
