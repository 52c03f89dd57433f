import {
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimes,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { clearInterval, setInterval } from 'node:timers';
import { setTimeout as wait } from 'node:timers/promises';

const BEAT_SECONDS = 2;

/**
 * Runs `work` while no other process holds the lock file. The lock of a process that was killed does
 * not count: the file holds the owner's process id, and as another process, or one in another
 * container, can have the same id, the owner also touches it every two seconds.
 */
export async function withLock(file, onWait, work) {
  mkdirSync(dirname(file), { recursive: true });
  const own = `${file}.${process.pid}`;
  writeFileSync(own, String(process.pid));
  try {
    let told = false;
    while (!take(own, file)) {
      const owner = ownerOf(file);
      if (owner !== undefined && (!isRunning(owner) || isForgotten(file))) {
        rmSync(file, { force: true });
        continue;
      }
      if (!told) onWait(owner);
      told = true;
      await wait(200);
    }
  } finally {
    rmSync(own, { force: true });
  }
  const beat = setInterval(touch, BEAT_SECONDS * 1000, file);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    rmSync(file, { force: true });
  }
}

/** A link appears with its content, unlike a file that is created and then written. */
function take(own, file) {
  try {
    linkSync(own, file);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function ownerOf(file) {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function touch(file) {
  utimes(file, new Date(), new Date(), () => undefined);
}

function isForgotten(file) {
  const { mtimeMs = Infinity } = statSync(file, { throwIfNoEntry: false }) ?? {};
  return Date.now() - mtimeMs > 8 * BEAT_SECONDS * 1000;
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
