import type { Client } from '@temporalio/client';

import type { Configuration } from '../../configuration/configuration.js';
import type { Store } from '../../store/store.js';
import type { DoctorDatabase } from './doctor-database.js';

/** How bad it is: a problem makes `doctor` end with exit code 1, a warning does not. */
export type Level = 'ok' | 'warning' | 'problem' | 'skipped';

/** What a check found. */
export interface Finding {
  readonly level: Level;
  /** What is so, in one sentence. */
  readonly what: string;
  /** Why it matters; null where nothing is wrong. */
  readonly why: string | null;
  /** What to run or to set; null where nothing is wrong. */
  readonly cure: string | null;
}

/** One look at one thing. It changes nothing. */
export interface Check {
  readonly name: string;
  run(patient: Patient): Promise<readonly Finding[]>;
}

/** What the checks look at; undefined is what could not be reached, or is not configured. */
export interface Patient {
  readonly configuration: Configuration;
  readonly shop: DoctorDatabase | undefined;
  readonly own: DoctorDatabase | undefined;
  /** Undefined also where its tables have not been made. */
  readonly store: Store | undefined;
  readonly temporal: Client | undefined;
  /** The worker's clock. */
  readonly clock: () => Date;
}

export function ok(what: string): Finding {
  return { level: 'ok', what, why: null, cure: null };
}

export function warning(what: string, why: string, cure: string): Finding {
  return { level: 'warning', what, why, cure };
}

export function problem(what: string, why: string, cure: string): Finding {
  return { level: 'problem', what, why, cure };
}

export function skipped(what: string): Finding {
  return { level: 'skipped', what, why: null, cure: null };
}
