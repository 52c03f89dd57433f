import { describeConfiguration } from '../../configuration/describe.js';
import { configurationFor, print, type ConnectionFlags, type JsonFlag } from '../edge.js';
import { table } from '../table.js';

/** Prints the effective configuration with the origin of each value, secrets masked. */
export async function configShow(flags: ConnectionFlags & JsonFlag): Promise<void> {
  const rows = describeConfiguration(await configurationFor(flags));
  print(flags.json, rows, () =>
    table(
      ['setting', 'value', 'origin', 'meaning'],
      rows.map((row) => [row.name, row.value ?? '', row.origin, row.description]),
    ),
  );
}
