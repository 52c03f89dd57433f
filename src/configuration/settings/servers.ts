import { publicKey } from '../keys.js';
import { setting } from '../setting.js';
import { choice, decimal, integer, list, map, path, secret, text } from '../types.js';
import { databaseUrl } from '../url-types.js';

const port = integer(1, 65_535);
const host = text({ label: 'host name or address', pattern: /^[^\s/]+$/ });

export const ingestionSettings = {
  INGESTION_DATABASE_URL: setting({
    group: 'Ingestion service',
    type: databaseUrl,
    description: 'Database of the ingestion service.',
    example: 'mysql://ingestion:password@db.example.com:3306/ingestion',
  }),
  INGESTION_HOST: setting({
    group: 'Ingestion service',
    type: host,
    description: 'Address that it listens on; `0.0.0.0` for all.',
    example: '0.0.0.0',
    default: '127.0.0.1',
  }),
  INGESTION_PORT: setting({
    group: 'Ingestion service',
    type: port,
    description: 'Port that it listens on.',
    example: '8443',
    default: 8081,
  }),
  INGESTION_API_KEYS: setting({
    group: 'Ingestion service',
    type: secret(list),
    description: 'API keys that it accepts.',
    example: '0123456789abcdef,fedcba9876543210',
  }),
  INGESTION_API_KEYS_FILE: setting({
    group: 'Ingestion service',
    type: path,
    description: 'File that holds INGESTION_API_KEYS.',
    example: '/run/secrets/ingestion-api-keys',
    contentOf: 'INGESTION_API_KEYS',
  }),
  INGESTION_PUBLIC_KEY: setting({
    group: 'Ingestion service',
    type: publicKey,
    description:
      'Public key that signatures are checked against: RSA, PEM; `\\n` stands for a line break. Without one, signatures are not checked.',
    example: '-----BEGIN PUBLIC KEY-----\\nMIIB…\\n-----END PUBLIC KEY-----',
  }),
  INGESTION_PUBLIC_KEY_FILE: setting({
    group: 'Ingestion service',
    type: path,
    description: 'File that holds INGESTION_PUBLIC_KEY.',
    example: 'ingestion.pub.pem',
    contentOf: 'INGESTION_PUBLIC_KEY',
  }),
  INGESTION_ENVIRONMENTS: setting({
    group: 'Ingestion service',
    type: list,
    description: 'Data spaces that it accepts.',
    example: '11111111-2222-3333-4444-555555555555',
    defaultText: 'all',
  }),
  INGESTION_MAX_BODY_MEGABYTES: setting({
    group: 'Ingestion service',
    type: integer(1, 1024),
    description: 'Largest request body, unpacked.',
    example: '64',
    default: 32,
  }),
  INGESTION_REQUESTS_PER_SECOND: setting({
    group: 'Ingestion service',
    type: decimal(0, 10_000),
    description:
      'Requests that it takes of one credential, in each process; above, it answers 429 with `retry-after`. 0 = no limit.',
    example: '2',
    default: 0,
  }),
  INGESTION_CONCURRENT_REQUESTS: setting({
    group: 'Ingestion service',
    type: integer(1, 10_000),
    description: 'Requests that it handles at the same time; above, it answers 503.',
    example: '16',
    default: 64,
  }),
  INGESTION_GENERATIONS: setting({
    group: 'Ingestion service',
    type: list,
    description:
      'Generations of the API that it serves: `commerce-services`, `composable-catalog`, `commerce-optimizer`.',
    example: 'commerce-services',
    defaultText: 'all',
  }),
  INGESTION_ERROR_FORM: setting({
    group: 'Ingestion service',
    type: choice('pointer', 'index'),
    description:
      'How the feed routes name wrong items: `"field": "/2/sku"`, or `"itemIndex": 2, "code": "sku"`.',
    example: 'index',
    default: 'pointer',
  }),
  INGESTION_CLIENTS: setting({
    group: 'Ingestion service',
    type: secret(map),
    description:
      'Client ids with their secrets: who may get a bearer token. With them, the routes of `commerce-optimizer` ask for one.',
    example: '{"client-id": "client-secret"}',
  }),
  INGESTION_FAULTS_FILE: setting({
    group: 'Ingestion service',
    type: path,
    description:
      'Fault plan, for rehearsals: which requests fail, and how (JSON or YAML). Refused where NODE_ENV is `production`.',
    example: 'faults.yaml',
  }),
  NODE_ENV: setting({
    group: 'Ingestion service',
    type: text(),
    description:
      '`production`: others rely on the service. The container image sets it; it is Node’s usual variable.',
    example: 'production',
  }),
};

export const dashboardSettings = {
  DASHBOARD_HOST: setting({
    group: 'Dashboard',
    type: host,
    description:
      'Address that it listens on. On any other than this machine’s own, it asks for tokens.',
    example: '0.0.0.0',
    default: '127.0.0.1',
  }),
  DASHBOARD_PORT: setting({
    group: 'Dashboard',
    type: port,
    description: 'Port that it listens on.',
    example: '8443',
    default: 8080,
  }),
  DASHBOARD_TOKENS_FILE: setting({
    group: 'Dashboard',
    type: path,
    description: 'File of those who may use it, written by `saas-export tokens`.',
    example: 'dashboard-tokens.json',
  }),
};
