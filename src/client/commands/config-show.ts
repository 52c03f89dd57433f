import { describeConfiguration } from '../../configuration/describe.js';
import { readSettings } from '../../configuration/load.js';
import { invalidConfiguration } from '../../configuration/problems.js';
import { loadOptions, print, type ConnectionFlags, type JsonFlag } from '../edge.js';
import { table } from '../table.js';

/**
 * Prints the effective configuration with the origin of each value, secrets masked.
 *
 * @throws ExportError SDE10-01 for what is wrong, when all that is right was printed.
 */
export async function configShow(flags: ConnectionFlags & JsonFlag): Promise<void> {
  const { resolved, problems } = await readSettings(loadOptions(flags));
  const rows = describeConfiguration({ resolved });
  print(flags.json, rows, () =>
    table(
      ['setting', 'value', 'origin'],
      rows.map((row) => [row.name, shortened(row.value ?? ''), row.origin]),
    ),
  );
  if (problems.length > 0) throw invalidConfiguration(problems);
}

// Lists of feeds would push the origin off the screen; --json prints all.
function shortened(value: string): string {
  return value.length > 60 ? `${value.slice(0, 59)}…` : value;
}
