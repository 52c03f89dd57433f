import { pino } from 'pino';
import { request } from 'undici';

import { explainCauses } from '../../../errors/export-error.js';
import { credentialsOf, openDispatcher } from '../../../worker/deliverer.js';
import { ok, problem, skipped, warning, type Check, type Finding } from '../finding.js';

/** The service's clock may be off by that much before signatures are refused. */
const CLOCK_SECONDS = 30;

/** Whether the service answers and takes the credentials, and what its clock says. */
export const service: Check = {
  name: 'service',
  async run({ configuration, clock }) {
    const { url, environmentId, apiKey } = configuration.service;
    const missing = [
      ...(url === undefined ? ['SERVICE_URL'] : []),
      ...(environmentId === undefined ? ['SERVICE_ENVIRONMENT_ID'] : []),
      ...(apiKey === undefined ? ['SERVICE_API_KEY'] : []),
    ];
    if (url === undefined || apiKey === undefined || missing.length > 0) {
      return [
        problem(
          `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not set.`,
          'Nothing can be sent.',
          'Set them; `saas-export config show` tells where settings come from.',
        ),
      ];
    }
    const dispatcher = await openDispatcher(configuration);
    try {
      const credentials = credentialsOf(configuration, dispatcher, pino({ level: 'silent' }));
      const sentAt = clock();
      const answer = await request(`${url}/merchant-registry/v1/ping`, {
        headers: {
          'magento-api-key': apiKey.reveal(),
          ...configuration.service.headers?.reveal(),
          ...(await credentials.headers()),
        },
        dispatcher,
        signal: AbortSignal.timeout(5000),
      });
      await answer.body.dump();
      const date = answer.headers['date'];
      return [
        pingFinding(url, answer.statusCode),
        clockFinding(typeof date === 'string' ? date : undefined, sentAt),
      ];
    } catch (error) {
      return [
        problem(
          `The service at ${url} cannot be reached: ${explainCauses(error)}.`,
          'Nothing can be sent; items wait.',
          'Check SERVICE_URL, the network and SERVICE_PRIVATE_KEY.',
        ),
      ];
    } finally {
      await dispatcher.destroy();
    }
  },
};

export function pingFinding(url: string, status: number): Finding {
  if (status === 200) return ok(`The service at ${url} takes the credentials.`);
  if (status === 401 || status === 403) {
    return problem(
      `The service at ${url} refuses the credentials (${status}).`,
      'Nothing can be sent.',
      'Check SERVICE_API_KEY and SERVICE_PRIVATE_KEY against those of SERVICE_ENVIRONMENT_ID.',
    );
  }
  if (status === 404) return skipped(`The service at ${url} has no route to check credentials.`);
  return warning(
    `The service at ${url} answers ${status} to the check of credentials.`,
    'It may be down or overloaded.',
    'Try again; ask its operator if it lasts.',
  );
}

export function clockFinding(date: string | undefined, now: Date): Finding {
  const theirs = date === undefined ? Number.NaN : Date.parse(date);
  if (Number.isNaN(theirs)) return skipped('The service does not tell its time.');
  const seconds = Math.round((now.getTime() - theirs) / 1000);
  if (Math.abs(seconds) <= CLOCK_SECONDS) return ok('The clocks of worker and service agree.');
  return problem(
    `This machine’s clock is ${Math.abs(seconds)} seconds ${seconds > 0 ? 'ahead of' : 'behind'} the service’s.`,
    'Signatures are refused when they seem too old or not yet valid.',
    'Synchronise the clock of this machine (chrony, systemd-timesyncd).',
  );
}
