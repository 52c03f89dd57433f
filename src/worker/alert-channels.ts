import { createTransport } from 'nodemailer';
import { request } from 'undici';

import type { AlertChannel, AlertMessage } from '../activities/alerts.js';
import type { Configuration } from '../configuration/configuration.js';
import { requireSettings } from '../configuration/require.js';

const TIMEOUT_MILLISECONDS = 10_000;

/**
 * The channels that the configuration names; none: nobody is told.
 *
 * @throws ExportError SDE10-01 for e-mail addresses without a server.
 */
export function alertChannels(configuration: Configuration): AlertChannel[] {
  const { alerts, instance } = configuration;
  const channels: AlertChannel[] = [];
  if (alerts.webhookUrl !== undefined) channels.push(webhook(alerts.webhookUrl.reveal(), instance));
  if (alerts.emailTo.length > 0) {
    const { ALERT_SMTP_URL: url } = requireSettings(configuration, ['ALERT_SMTP_URL']);
    channels.push(email(url.reveal(), { from: alerts.emailFrom, to: alerts.emailTo, instance }));
  }
  return channels;
}

/** Posts JSON; anything but 2xx is a failure. */
function webhook(url: string, instance: string): AlertChannel {
  return {
    name: 'webhook',
    async tell(message) {
      const { statusCode, body } = await request(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(webhookBody(message, instance)),
        signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
      });
      await body.dump();
      if (statusCode < 200 || statusCode > 299) {
        throw new Error(`the webhook answered ${statusCode}`);
      }
    },
  };
}

/** What a webhook gets. */
export function webhookBody(message: AlertMessage, instance: string): Record<string, unknown> {
  const { status, alert } = message;
  const { key, feed, what, cause, command } = alert;
  return {
    status,
    key,
    feed,
    what,
    cause,
    command,
    instance,
    at: new Date().toISOString(),
    text: `${subjectOf(message, instance)}\n${cause}\n${command}`,
  };
}

function subjectOf({ status, alert }: AlertMessage, instance: string): string {
  const who = instance === '' ? 'saas-export' : `saas-export ${instance}`;
  return `[${who}] ${status === 'resolved' ? 'Resolved: ' : ''}${alert.what}`;
}

function email(
  url: string,
  to: { readonly from: string; readonly to: readonly string[]; readonly instance: string },
): AlertChannel {
  // The defaults are minutes, and changes wait while people are told.
  const transport = createTransport({
    url,
    connectionTimeout: TIMEOUT_MILLISECONDS,
    greetingTimeout: TIMEOUT_MILLISECONDS,
    socketTimeout: TIMEOUT_MILLISECONDS,
  });
  return {
    name: 'e-mail',
    async tell(message) {
      const { alert } = message;
      await transport.sendMail({
        from: to.from,
        to: [...to.to],
        subject: subjectOf(message, to.instance),
        text: `${alert.what}\n\nWhy: ${alert.cause}\nNext: ${alert.command}\n`,
      });
    },
  };
}
