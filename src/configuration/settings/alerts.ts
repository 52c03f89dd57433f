import { setting } from '../setting.js';
import { integer, list, secret, text } from '../types.js';

const group = 'Alerts';

export const alertSettings = {
  ALERT_WEBHOOK_URL: setting({
    group,
    type: secret(text({ label: 'http or https URL', pattern: /^https?:\/\/[^\s/]+/ })),
    description:
      'Where alerts are posted as JSON; its field `text` is what chat programs show. See docs/alerts.md.',
    example: 'https://hooks.example.com/services/T0/B0/secret',
  }),
  ALERT_EMAIL_TO: setting({
    group,
    type: list,
    description: 'Who gets alerts by e-mail; needs ALERT_SMTP_URL.',
    example: 'ops@example.com,shop@example.com',
  }),
  ALERT_EMAIL_FROM: setting({
    group,
    type: text({ label: 'e-mail address', pattern: /^\S+@\S+$/ }),
    description: 'The sender of these e-mails.',
    example: 'saas-export@example.com',
    default: 'saas-export@localhost',
  }),
  ALERT_SMTP_URL: setting({
    group,
    type: secret(text({ label: 'smtp:// or smtps:// URL', pattern: /^smtps?:\/\/[^\s/]+/ })),
    description: 'The server that takes the e-mails.',
    example: 'smtps://user:password@mail.example.com:465',
  }),
  ALERT_LAG_SECONDS: setting({
    group,
    type: integer(0, 604_800),
    description: 'Age of the oldest change from which on an alert is raised; 0 = never.',
    example: '300',
    default: 900,
  }),
};
