import type { BaseUrls } from './base-urls.js';
import type { Configuration } from './configuration.js';
import type { PlaceNames } from './configured-place.js';
import type { CustomVariable } from './custom-variables.js';
import { decodeEntities, escapeHtml } from './html-entities.js';

export interface DirectiveSources {
  readonly configuration: Configuration;
  readonly variables: ReadonlyMap<string, CustomVariable>;
  /** Those of the default scope. */
  readonly urls: BaseUrls;
  readonly place?: PlaceNames;
}

/** What takes the place of a text with a directive that fails. */
const FAILED = "We're sorry, an error has occurred while generating this content.";

/** A directive, and all up to its closing tag where it has one. */
const DIRECTIVE = /\{\{([a-z]{0,10})(.*?)\}\}(?:.*?\{\{\/\1\}\})?/gis;

const PARAMETER = /([^\s=]+)=(?:"([^"]*)"|'([^']*)'|(\S*))/g;

/** Configuration that content may show. */
const OPEN_PATHS = new Set([
  'web/unsecure/base_url',
  'web/secure/base_url',
  ...['general', 'sales', 'support', 'custom1', 'custom2'].flatMap((identity) => [
    `trans_email/ident_${identity}/name`,
    `trans_email/ident_${identity}/email`,
  ]),
  ...[
    'name',
    'phone',
    'hours',
    'country_id',
    'region_id',
    'postcode',
    'city',
    'street_line1',
    'street_line2',
    'merchant_vat_number',
  ].map((field) => `general/store_information/${field}`),
]);

class DirectiveFailure extends Error {}

/** Resolves `{{name parameters}}` in texts. */
export function directiveFilter(sources: DirectiveSources): (text: string) => string {
  return (text) => {
    try {
      return text.replace(DIRECTIVE, (written: string, name: string, parameters: string) =>
        resolve(sources, written, name.toLowerCase(), parameters),
      );
    } catch (error) {
      if (error instanceof DirectiveFailure) return FAILED;
      throw error;
    }
  };
}

function resolve(
  { configuration, variables, urls, place }: DirectiveSources,
  written: string,
  name: string,
  parameters: string,
): string {
  switch (name) {
    case 'media': {
      const url = parametersOf(decodeEntities(parameters)).get('url');
      if (url === undefined) throw new DirectiveFailure(written);
      return urls.media + url;
    }
    case 'store':
      return storeUrl(urls, parametersOf(parameters));
    case 'config':
      return configured(configuration, place, parametersOf(parameters).get('path') ?? '');
    case 'protocol': {
      const url = parametersOf(parameters).get('url');
      return url === undefined ? 'http' : `http://${url}`;
    }
    case 'customvar':
      return variableText(variables.get(parametersOf(parameters).get('code') ?? ''));
    case 'trans':
      return translated(parameters);
    // Without a name, and where only mail templates may use it, a directive is an error.
    case '':
    case 'css':
    case 'inlinecss':
      throw new DirectiveFailure(written);
    default:
      return written;
  }
}

/** Values that start with `$` name variables, of which content has none. */
function parametersOf(text: string): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const [, name = '', double, single, bare = ''] of text.matchAll(PARAMETER)) {
    const value = double ?? single ?? bare;
    parameters.set(name, value.startsWith('$') ? '' : value);
  }
  return parameters;
}

function storeUrl({ link }: BaseUrls, parameters: ReadonlyMap<string, string>): string {
  const direct = parameters.get('direct_url');
  if (direct !== undefined) return link + direct;
  const path = (parameters.get('url') ?? '').replace(/\/+$/, '');
  return path === '' ? link : `${link}${path}/`;
}

function configured(
  configuration: Configuration,
  place: PlaceNames | undefined,
  path: string,
): string {
  if (!OPEN_PATHS.has(path)) return '';
  if (place !== undefined && path.endsWith('/country_id')) return place.country;
  if (place !== undefined && path.endsWith('/region_id')) return place.region;
  return configuration.value(path) ?? '';
}

function variableText(variable: CustomVariable | undefined): string {
  if (variable === undefined) return '';
  if (variable.html !== null && variable.html !== '') return variable.html;
  return escapeHtml(variable.plain ?? '');
}

/** `"Hello %name" name="Ann"`: placeholders are filled in, the text is not translated. */
function translated(parameters: string): string {
  const quoted = /^\s*(["'])(.*?)\1(.*)$/s.exec(parameters);
  if (quoted === null) return '';
  const [, , text = '', rest = ''] = quoted;
  const values = parametersOf(rest);
  return text.replace(/%(\w+)/g, (placeholder, name: string) => values.get(name) ?? placeholder);
}
