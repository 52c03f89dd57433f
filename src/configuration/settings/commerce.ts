import { setting } from '../setting.js';
import { choice, integer, path, text } from '../types.js';
import { databaseUrl } from '../url-types.js';

const group = 'Commerce';

const tablePrefix = text({
  label: 'text of letters, digits and underscores',
  pattern: /^[A-Za-z0-9_]*$/,
});

export const commerceSettings = {
  COMMERCE_DATABASE_URL: setting({
    group,
    type: databaseUrl,
    description:
      'Database of the shop. TLS and socket as URL parameters of mysql2 (`?ssl={"rejectUnauthorized":true}`, `?socketPath=…`).',
    example: 'mysql://exporter:password@db.example.com:3306/magento',
  }),
  COMMERCE_TABLE_PREFIX: setting({
    group,
    type: tablePrefix,
    description: 'Table prefix of the Commerce installation.',
    example: 'm2_',
    default: '',
    defaultText: '`db/table_prefix` of COMMERCE_ENV_PHP, if that is set; else none',
  }),
  COMMERCE_DATABASE_CONNECTIONS: setting({
    group,
    type: integer(2, 64),
    description:
      'Connections to the shop’s database that a process holds at most. A feed reads two pages at once, a connection each.',
    example: '8',
    default: 4,
  }),
  COMMERCE_ENV_PHP: setting({
    group,
    type: path,
    description:
      'The shop’s `app/etc/env.php`: settings that are locked there win over the database. Read as data, never run.',
    example: '/var/www/magento/app/etc/env.php',
  }),
  COMMERCE_CONFIG_PHP: setting({
    group,
    type: path,
    description:
      'The shop’s `app/etc/config.php`, read likewise; `env.php` wins over it. It also tells which modules are on: inventory and Page Builder count.',
    example: '/var/www/magento/app/etc/config.php',
  }),
  COMMERCE_CONFIG_FILE: setting({
    group,
    type: path,
    description:
      'The same settings as a JSON or YAML map, `{default: {…}, websites: {<code>: {…}}, stores: {<code>: {…}}}`, with keys nested or as `web/unsecure/base_url`. Wins over both PHP files; variables `CONFIG__DEFAULT__…`, `CONFIG__WEBSITES__<CODE>__…` and `CONFIG__STORES__<CODE>__…`, read as Commerce reads them, win over it.',
    example: 'commerce-settings.yaml',
  }),
  COMMERCE_EDITION: setting({
    group,
    type: choice('ce', 'ee', 'b2b'),
    description:
      'Edition that is told to the service: `ce` Open Source, `ee` Adobe Commerce, `b2b` with B2B.',
    example: 'ee',
    defaultText: 'detected',
  }),
  COMMERCE_VERSION: setting({
    group,
    type: text({ label: 'version', pattern: /^\d+(\.\d+)*([.-][0-9a-z.-]+)?$/i }),
    description: 'Version of Commerce that is told to the service.',
    example: '2.4.7-p1',
    defaultText: 'detected where possible',
  }),
  CAPTURE: setting({
    group,
    type: choice('triggers', 'compare'),
    description:
      'How changes are noticed: by `triggers` in the shop’s database, or without any by a scheduled full comparison (`compare`).',
    example: 'compare',
    default: 'triggers',
  }),
  CAPTURE_DEFINER: setting({
    group,
    type: text({ label: 'account `user@host`', pattern: /^[^@'`\s]{1,80}@[^@'`\s]{1,255}$/ }),
    description:
      'Account of the database server with whose rights the triggers run (see [capture](capture.md)). It has to stay: without it the shop’s writes fail. Best the shop’s own.',
    example: 'magento@%',
    defaultText: 'the account that installs',
  }),
};

export const storeSettings = {
  EXPORT_DATABASE_URL: setting({
    group: 'The exporter’s own tables',
    type: databaseUrl,
    description: 'Database that holds the exporter’s own tables.',
    example: 'mysql://exporter:password@db.example.com:3306/saas_export',
    defaultFrom: ({ value }) => {
      const commerce = value('COMMERCE_DATABASE_URL');
      if (typeof commerce !== 'string') return undefined;
      const url = new URL(commerce);
      url.pathname = '/saas_export';
      return url.href;
    },
    defaultText: 'database `saas_export` on the shop’s server, with the same credentials',
  }),
  EXPORT_TABLE_PREFIX: setting({
    group: 'The exporter’s own tables',
    type: tablePrefix,
    description:
      'Prefix of the exporter’s tables. Needed where they have to live in the shop’s own schema, since Adobe’s module uses some of the same names.',
    example: 'sde_',
    default: '',
  }),
  EXPORT_INSTANCE: setting({
    group: 'The exporter’s own tables',
    type: text({
      label: 'text of at most 40 letters, digits and hyphens',
      pattern: /^([A-Za-z0-9][A-Za-z0-9-]{0,39})?$/,
    }),
    description:
      'Name of the shop, where several share a Temporal namespace: it begins workflow ids, schedules and the task queue. Each shop has its own worker, credentials and database of the exporter.',
    example: 'shop-de',
    default: '',
  }),
  AUDIT_RETENTION_DAYS: setting({
    group: 'The exporter’s own tables',
    type: integer(0, 36_500),
    description:
      'Days that run records are kept after the end of the run; 0 = for ever. The last one of each feed always stays.',
    example: '730',
    default: 365,
  }),
};
