import { publicKey } from '../keys.js';
import { setting } from '../setting.js';
import { integer, list, path, secret, text } from '../types.js';
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
