/** Loaded before a role of the program: writes a V8 profile of it into PROFILE_FOLDER at its end. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { join } from 'node:path';

const folder = process.env.PROFILE_FOLDER;
const role = process.argv.at(2);
if (folder !== undefined && (role === 'worker' || role === 'ingestion')) {
  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.start');
  process.on('exit', () => {
    session.post('Profiler.stop', (error, result) => {
      if (error !== null) return;
      mkdirSync(folder, { recursive: true });
      writeFileSync(
        join(folder, `${role}-${process.pid}.cpuprofile`),
        JSON.stringify(result.profile),
      );
    });
  });
}
