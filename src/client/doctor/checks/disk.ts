import { statfs } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';

import { ok, problem, warning, type Check, type Finding } from '../finding.js';

const GIB = 1024 ** 3;

/** Free space here, and of the database where it is on this machine. */
export const disk: Check = {
  name: 'disk',
  async run({ own }) {
    const findings = [await spaceFinding('for temporary files', tmpdir())];
    const row = await own?.row<{ host: string; folder: string }>(
      'SELECT @@hostname AS host, @@datadir AS folder',
    );
    if (row?.host === hostname()) {
      findings.push(await spaceFinding('of the database server', row.folder));
    }
    return findings.flat();
  },
};

async function spaceFinding(label: string, folder: string): Promise<Finding[]> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return [freeFinding(label, folder, bavail * bsize)];
  } catch {
    // A folder of another container of that name; nothing can be said of it.
    return [];
  }
}

export function freeFinding(label: string, folder: string, bytes: number): Finding {
  const what = `The disk ${label} (${folder}) has ${(bytes / GIB).toFixed(1)} GiB free.`;
  const cure = 'Free some, or enlarge the disk.';
  if (bytes < GIB) return problem(what, 'A full disk stops the shop and the exporter.', cure);
  if (bytes < 5 * GIB) return warning(what, 'It fills up during a large sync.', cure);
  return ok(what);
}
