import { routes } from '../feed-types.js';
import { privateKey } from '../keys.js';
import { setting } from '../setting.js';
import {
  choice,
  decimal,
  integer,
  InvalidValue,
  map,
  path,
  secret,
  text,
  type SettingType,
} from '../types.js';
import { webUrl } from '../url-types.js';

const group = 'Commerce service';

const serviceUrl: SettingType<string> = {
  ...webUrl,
  parse(raw, directory) {
    const url = webUrl.parse(raw, directory);
    if (/\/feeds(\/|$)/.test(url)) {
      throw new InvalidValue('must end before feeds/, which the routes begin with');
    }
    return url;
  },
};

/** Two store views with one locale would overwrite each other's items. */
const locales: SettingType<Readonly<Record<string, string>>> = {
  ...map,
  parse(raw, directory) {
    const named = map.parse(raw, directory);
    const owners = new Map<string, string>();
    for (const [storeView, locale] of Object.entries(named)) {
      if (locale.trim() === '') {
        throw new InvalidValue(`must name a locale for ${storeView}`, { complete: true });
      }
      // Language tags are the same in any letter case.
      const owner = owners.get(locale.toLowerCase());
      if (owner !== undefined) {
        throw new InvalidValue(
          `gives the locale ${locale} to ${owner} and to ${storeView}, which would overwrite each other’s items: each store view needs one of its own`,
          { complete: true },
        );
      }
      owners.set(locale.toLowerCase(), storeView);
    }
    return named;
  },
};

export const serviceSettings = {
  SERVICE_URL: setting({
    group,
    type: serviceUrl,
    description: 'Base URL of the Commerce service, without the routes’ own `feeds/…`.',
    example: 'https://commerce.adobe.io',
  }),
  SERVICE_ENVIRONMENT_ID: setting({
    group,
    type: text({ label: 'id without spaces and slashes', pattern: /^[^\s/?#]+$/ }),
    description: 'Data space (SaaS environment) that items are sent to.',
    example: '11111111-2222-3333-4444-555555555555',
  }),
  SERVICE_API_KEY: setting({
    group,
    type: secret(text()),
    description: 'Public API key of the environment.',
    example: '0123456789abcdef',
  }),
  SERVICE_API_KEY_FILE: setting({
    group,
    type: path,
    description: 'File that holds SERVICE_API_KEY.',
    example: '/run/secrets/service-api-key',
    contentOf: 'SERVICE_API_KEY',
  }),
  SERVICE_PRIVATE_KEY: setting({
    group,
    type: secret(privateKey),
    description:
      'Private key that belongs to the API key: RSA, PEM, without a passphrase; `\\n` stands for a line break.',
    example: '-----BEGIN PRIVATE KEY-----\\nMIIE…\\n-----END PRIVATE KEY-----',
  }),
  SERVICE_PRIVATE_KEY_FILE: setting({
    group,
    type: path,
    description: 'File that holds SERVICE_PRIVATE_KEY.',
    example: '/run/secrets/service.pem',
    contentOf: 'SERVICE_PRIVATE_KEY',
  }),
  SERVICE_CREDENTIALS: setting({
    group,
    type: choice('jwt', 'ims'),
    description:
      'How requests are authenticated: API key and signature (`jwt`), or a token of Adobe IMS (`ims`), which the preset `commerce-optimizer` needs.',
    example: 'ims',
    default: 'jwt',
  }),
  SERVICE_IMS_CLIENT_SECRET: setting({
    group,
    type: secret(text()),
    description: 'Client secret for the IMS token; the client id is SERVICE_API_KEY.',
    example: 'p8e-…',
  }),
  SERVICE_IMS_CLIENT_SECRET_FILE: setting({
    group,
    type: path,
    description: 'File that holds SERVICE_IMS_CLIENT_SECRET.',
    example: '/run/secrets/ims-client-secret',
    contentOf: 'SERVICE_IMS_CLIENT_SECRET',
  }),
  SERVICE_IMS_ORG_ID: setting({
    group,
    type: text(),
    description: 'IMS organisation, sent as `x-gw-ims-org-id`.',
    example: '1234567890ABCDEF@AdobeOrg',
  }),
  SERVICE_IMS_SCOPES: setting({
    group,
    type: text(),
    description: 'Scopes of the IMS token, separated by commas.',
    example: 'openid,AdobeID',
    default: 'openid,AdobeID,profile,email,commerce.aco.ingestion',
  }),
  SERVICE_IMS_TOKEN_URL: setting({
    group,
    type: webUrl,
    description: 'Where IMS tokens come from.',
    example: 'https://ims-na1.adobelogin.com/ims/token/v3',
    default: 'https://ims-na1.adobelogin.com/ims/token/v3',
  }),
  SERVICE_CA_FILE: setting({
    group,
    type: path,
    description:
      'Certificates (PEM) of authorities that are trusted beside the usual ones. Proxies are set by the usual variables `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`.',
    example: '/etc/ssl/our-ca.pem',
  }),
  SERVICE_REQUESTS_IN_FLIGHT: setting({
    group,
    type: integer(1, 100),
    description:
      'Requests that one segment of a sync has under way at once while the service is slow to answer.',
    example: '8',
    default: 4,
  }),
  QUARANTINE_AFTER: setting({
    group,
    type: integer(1, 1000),
    description:
      'Refusals of the same content after which an item is quarantined; named as invalid, it is at once.',
    example: '3',
    default: 5,
  }),
  SERVICE_REQUESTS_PER_SECOND: setting({
    group,
    type: decimal(0, 10_000),
    description: 'Request budget of one credential, over all workers; 0 = no limit.',
    example: '5',
    default: 2,
  }),
  SERVICE_ROUTES: setting({
    group,
    type: routes,
    description:
      'Routes of the feeds: a preset (`commerce-services`; `composable-catalog` and `commerce-optimizer` for services that take the catalog in shapes of their own), routes of single feeds that win over it, or both. `{DATA_SPACE_ID}` is replaced. In the file also a map of feeds, with the key `preset`.',
    example: 'commerce-services,orders=feeds/orders/v1/{DATA_SPACE_ID}',
    default: { preset: 'commerce-services', custom: {} },
  }),
  SERVICE_LOCALES: setting({
    group,
    type: locales,
    description:
      'Locales of store views, by code, for the presets `composable-catalog` and `commerce-optimizer`: each store view needs one of its own. A store view that is not named is sent with its code.',
    example: '{"default": "en-US", "german": "de-DE"}',
  }),
  SERVICE_CURRENCIES: setting({
    group,
    type: map,
    description:
      'Currencies of websites, by code, for the price books of the presets `composable-catalog` and `commerce-optimizer`. The worker warns of websites that are not named: their price books are sent without.',
    example: '{"base": "USD"}',
  }),
  SERVICE_SCOPES_FORM: setting({
    group,
    type: choice('wire', 'feed'),
    description:
      'How items of scopesWebsite and scopesCustomerGroup are sent: in the published `wire` form, or flat as they are stored (`feed`).',
    example: 'feed',
    default: 'wire',
  }),
  SERVICE_COMPRESSION: setting({
    group,
    type: choice('gzip', 'off'),
    description: 'Compression of requests.',
    example: 'off',
    default: 'gzip',
  }),
  SERVICE_COMPRESSION_LEVEL: setting({
    group,
    type: integer(1, 9),
    description:
      'Level of gzip. Level 1 takes half the processor time of level 6, its output is 1.8 times as long.',
    example: '6',
    default: 1,
  }),
  SERVICE_TIMEOUT_SECONDS: setting({
    group,
    type: integer(1, 3600),
    description:
      'How long a request may take. When a worker is killed, items that were on their way are sent again so much later.',
    example: '60',
    default: 30,
  }),
  SERVICE_HEADERS: setting({
    group,
    type: secret(map),
    description: 'Further request headers.',
    example: '{"x-gw-metadata": "…"}',
  }),
  SERVICE_JWT_LIFETIME_SECONDS: setting({
    group,
    type: integer(120, 600),
    description: 'Lifetime of a signature; the gateway refuses more than about ten minutes.',
    example: '240',
    default: 300,
  }),
  SERVICE_JWT_CLAIMS: setting({
    group,
    type: map,
    description: 'Further claims of a signature, beside `iat` and `exp`.',
    example: '{"iss": "…"}',
  }),
  INITIAL_SYNC: setting({
    group,
    type: choice('auto', 'off'),
    description:
      '`auto`: the first full sync starts by itself, once the credentials are good and none ever ran.',
    example: 'off',
    default: 'auto',
  }),
};
