import type { Client } from '@temporalio/client';

import { ok, problem, warning, type Check, type Finding } from './finding.js';

/** A gap in change capture. */
export interface CaptureTrouble {
  readonly message: string;
  readonly cure: string;
  /** Whether changes may not have been noted. */
  readonly gap: boolean;
}

/** How a schedule stands against its declaration. */
export interface ScheduleTrouble {
  readonly id: string;
  readonly action: 'create' | 'update' | 'remove' | 'keep' | 'off';
  readonly paused: { readonly note: string } | null;
}

/** How the namespace's search attributes stand. */
export interface SearchAttributeTrouble {
  readonly readable: boolean;
  readonly missing: readonly string[];
  readonly conflicting: readonly {
    readonly name: string;
    readonly expected: string;
    readonly found: string;
  }[];
}

/** Triggers and changelog. */
export function captureCheck(look: () => Promise<readonly CaptureTrouble[]>): Check {
  return {
    name: 'change capture',
    async run({ shop, configuration }) {
      if (shop === undefined || configuration.commerce.capture !== 'triggers') return [];
      const found = await look();
      if (found.length === 0) return [ok('All triggers are as they were made.')];
      return found.map(({ message, cure, gap }) =>
        gap
          ? problem(message, 'Changes of the shop may not have been noted.', cure)
          : warning(message, 'Change capture is not as it should be.', cure),
      );
    },
  };
}

/** Schedules on the server against those declared. */
export function scheduleCheck(
  plan: (client: Client) => Promise<readonly ScheduleTrouble[]>,
): Check {
  return {
    name: 'schedules',
    async run({ temporal }) {
      if (temporal === undefined) return [];
      const findings = (await plan(temporal)).flatMap(scheduleFinding);
      return findings.length > 0
        ? findings
        : [ok('The schedules are as declared, and none is paused.')];
    },
  };
}

function scheduleFinding({ id, action, paused }: ScheduleTrouble): Finding[] {
  const apply = 'saas-export schedules apply';
  if (action === 'create') {
    return [problem(`The schedule ${id} is missing.`, 'Its work is not started by itself.', apply)];
  }
  if (paused !== null) {
    return [
      warning(
        `The schedule ${id} is paused${paused.note === '' ? '' : ` (${paused.note})`}.`,
        'Its work is not started by itself.',
        `saas-export schedules resume ${id}`,
      ),
    ];
  }
  if (action === 'update' || action === 'remove') {
    return [
      warning(`The schedule ${id} is not as declared.`, 'It starts other work than meant.', apply),
    ];
  }
  return [];
}

/** Search attributes that runs set. */
export function searchAttributeCheck(
  look: (client: Client) => Promise<SearchAttributeTrouble>,
): Check {
  return {
    name: 'search attributes',
    async run({ temporal }) {
      if (temporal === undefined) return [];
      const { missing, conflicting } = await look(temporal);
      const findings = conflicting.map(({ name, expected, found }) =>
        problem(
          `The search attribute ${name} is of type ${found}, not ${expected}.`,
          'The server refuses runs that set it.',
          'Remove it from the namespace, or use another namespace.',
        ),
      );
      if (missing.length > 0) {
        findings.push(
          problem(
            `The namespace has no search attributes ${missing.join(', ')}.`,
            'The server refuses runs that set them.',
            'saas-export schedules apply, which registers them where the server allows it',
          ),
        );
      }
      return findings.length > 0 ? findings : [ok('The search attributes are registered.')];
    },
  };
}
