import { setting } from '../setting.js';
import { boolean, path, secret, text } from '../types.js';

const group = 'Temporal';
const certificate = text({ label: 'certificate, PEM' });

/** What `@temporalio/envconfig` reads, declared so that it may stand in `.env` and the file too. */
export const temporalSettings = {
  TEMPORAL_ADDRESS: setting({
    group,
    type: text({ label: 'address, host:port', pattern: /^([^\s/:]+|\[[0-9a-f:.]+\]):\d+$/i }),
    description: 'Address of the Temporal server, without `https://`.',
    example: 'temporal.example.com:7233',
    defaultText: 'of the profile, else `localhost:7233`',
  }),
  TEMPORAL_NAMESPACE: setting({
    group,
    type: text({ label: 'name without spaces', pattern: /^\S+$/ }),
    description: 'Namespace.',
    example: 'shop.a1b2c',
    defaultText: 'of the profile, else `default`',
  }),
  TEMPORAL_TASK_QUEUE: setting({
    group,
    type: text({ label: 'name without spaces', pattern: /^\S+$/ }),
    description: 'Task queue of the workers.',
    example: 'saas-export',
    defaultFrom: ({ value }) => {
      const instance = value('EXPORT_INSTANCE');
      return typeof instance === 'string' && instance !== ''
        ? `${instance}-saas-export`
        : 'saas-export';
    },
    defaultText: '`saas-export`, with EXPORT_INSTANCE `<instance>-saas-export`',
  }),
  TEMPORAL_API_KEY: setting({
    group,
    type: secret(text()),
    description: 'API key (Temporal Cloud); TLS is then on.',
    example: 'eyJhbGciOi…',
  }),
  TEMPORAL_TLS: setting({
    group,
    type: boolean,
    description: 'TLS with the system’s certificates, or off although certificates are given.',
    example: '1',
    defaultText: 'on with an API key or certificates',
  }),
  TEMPORAL_TLS_CLIENT_CERT_PATH: setting({
    group,
    type: path,
    description: 'Client certificate (mTLS).',
    example: 'client.pem',
  }),
  TEMPORAL_TLS_CLIENT_CERT_DATA: setting({
    group,
    type: certificate,
    description: 'The client certificate itself, instead of its path.',
    example: '-----BEGIN CERTIFICATE-----…',
  }),
  TEMPORAL_TLS_CLIENT_KEY_PATH: setting({
    group,
    type: path,
    description: 'Key of the client certificate.',
    example: 'client.key',
  }),
  TEMPORAL_TLS_CLIENT_KEY_DATA: setting({
    group,
    type: secret(text({ label: 'private key, PEM' })),
    description: 'The key itself, instead of its path.',
    example: '-----BEGIN PRIVATE KEY-----…',
  }),
  TEMPORAL_TLS_SERVER_CA_CERT_PATH: setting({
    group,
    type: path,
    description: 'Certificate of the authority that signed the server’s.',
    example: 'ca.pem',
  }),
  TEMPORAL_TLS_SERVER_CA_CERT_DATA: setting({
    group,
    type: certificate,
    description: 'That certificate itself, instead of its path.',
    example: '-----BEGIN CERTIFICATE-----…',
  }),
  TEMPORAL_TLS_SERVER_NAME: setting({
    group,
    type: text(),
    description: 'Name that the server’s certificate is checked against.',
    example: 'temporal.example.com',
  }),
  TEMPORAL_CONFIG_FILE: setting({
    group,
    type: path,
    description: 'File with Temporal’s own profiles.',
    example: 'temporal.toml',
    defaultText: '`temporalio/temporal.toml` in the user’s configuration folder',
  }),
  TEMPORAL_PROFILE: setting({
    group,
    type: text(),
    description: 'Profile of that file. The variables above win over it.',
    example: 'production',
    defaultText: '`default`',
  }),
};
