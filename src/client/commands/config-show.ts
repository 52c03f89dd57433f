import { describeConfiguration } from '../../configuration/describe.js';
import { configurationFor, print, type ConnectionFlags, type JsonFlag } from '../edge.js';
import { table } from '../table.js';

/** Prints the effective configuration with the origin of each value, secrets masked. */
export async function configShow(flags: ConnectionFlags & JsonFlag): Promise<void> {
  const rows = describeConfiguration(await configurationFor(flags));
  print(flags.json, rows, () =>
    table(
      ['setting', 'value', 'origin'],
      rows.map((row) => [row.name, shortened(row.value ?? ''), row.origin]),
    ),
  );
}

// Lists of feeds would push the origin off the screen; --json prints all.
function shortened(value: string): string {
  return value.length > 60 ? `${value.slice(0, 59)}…` : value;
}
