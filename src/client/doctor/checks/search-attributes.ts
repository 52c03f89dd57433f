import {
  checkSearchAttributes,
  tcldCommand,
  temporalCommand,
  type SearchAttributeCheck,
} from '../../search-attributes.js';
import { ok, problem, skipped, type Check, type Finding } from '../finding.js';

/** Search attributes that runs set. */
export const searchAttributes: Check = {
  name: 'search attributes',
  async run({ temporal }) {
    if (temporal === undefined) return [];
    const { namespace } = temporal.options;
    return searchAttributeFindings(
      namespace,
      await checkSearchAttributes(temporal.connection, namespace),
    );
  },
};

export function searchAttributeFindings(
  namespace: string,
  { readable, missing, conflicting }: SearchAttributeCheck,
): Finding[] {
  if (!readable) {
    return [skipped('The server does not let this user read the search attributes.')];
  }
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
        `The namespace ${namespace} has no search attributes ${missing.join(', ')}.`,
        'The server refuses runs that set them.',
        `\`saas-export schedules apply\` registers them where the server allows it; else \`${temporalCommand(namespace, missing)}\`, on Temporal Cloud \`${tcldCommand(namespace, missing)}\`.`,
      ),
    );
  }
  return findings.length > 0 ? findings : [ok('The search attributes are registered.')];
}
