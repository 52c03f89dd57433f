import { checkCapture, type CaptureFinding } from '../../../commerce/capture/health.js';
import { changelogBacklog } from '../../../commerce/capture/changelog.js';
import type { Configuration } from '../../../configuration/configuration.js';
import type { Store } from '../../../store/store.js';
import { captureOptions, feedsWatching, withCapture } from '../../capture.js';
import { ok, problem, warning, type Check, type Finding } from '../finding.js';

/** From so many noted changes on, nobody seems to take them. */
const MANY_CHANGES = 1000;

/** Triggers and changelog, as change capture needs them. */
export const capture: Check = {
  name: 'change capture',
  async run({ shop, store, configuration }) {
    const { databaseUrl: url, capture: mode } = configuration.commerce;
    if (shop === undefined || store === undefined || url === undefined) return [];
    if (mode === 'compare') {
      return [ok('There are no triggers, by choice: changes are found by comparing.')];
    }
    return lookAtCapture(configuration, store, url);
  },
};

async function lookAtCapture(
  { commerce }: Configuration,
  store: Store,
  databaseUrl: string,
): Promise<Finding[]> {
  const options = captureOptions({
    databaseUrl,
    tablePrefix: commerce.tablePrefix,
    definer: commerce.captureDefiner,
  });
  return withCapture(databaseUrl, async (connection) => {
    const { findings } = await checkCapture(connection, store, options);
    if (findings.some(({ kind }) => kind === 'changelog-missing')) {
      return captureFindings(findings);
    }
    const { changes } = await changelogBacklog(connection, options);
    return [...captureFindings(findings), ...changelogFindings(changes)];
  });
}

/** What capture complains of; a gap is a problem, since changes may not have been noted. */
export function captureFindings(
  found: readonly Pick<CaptureFinding, 'message' | 'cure' | 'gap' | 'tables'>[],
): Finding[] {
  if (found.length === 0) return [ok('All triggers are as they were made.')];
  return found.map(({ message, cure, gap, tables }) =>
    gap
      ? problem(
          message,
          `Changes may not have been noted${concerned(tables)}. A worker that runs mends it by itself within a minute.`,
          cure,
        )
      : warning(message, 'Change capture is not as it should be.', cure),
  );
}

function concerned(tables: readonly string[]): string {
  const feeds = feedsWatching(tables);
  return feeds.length === 0 || feeds.length > 4 ? '' : ` for ${feeds.join(', ')}`;
}

export function changelogFindings(changes: number): Finding[] {
  if (changes < MANY_CHANGES) return [];
  return [
    warning(
      `At least ${changes} changes of the shop are noted that nobody has taken yet.`,
      'They are not at the service; the partial sync of each minute takes them.',
      'saas-export sync',
    ),
  ];
}
