import { maskUrl } from './secret.js';
import { InvalidValue, textOf, type SettingType } from './types.js';

/** `mysql://user:password@host:3306/database`; TLS and socket as URL parameters. */
export const databaseUrl: SettingType<string> = {
  label: 'mysql:// URL',
  parse(raw) {
    const written = textOf(raw, this.label);
    const url = urlOf(written);
    if (url?.protocol !== 'mysql:' || url.hostname === '') {
      throw new InvalidValue('must be a URL that begins with mysql:// and names a host');
    }
    if (!/^\/[^/]+$/.test(url.pathname)) {
      throw new InvalidValue('must name a database after the host');
    }
    return written;
  },
  show: maskUrl,
  quote: maskUrl,
};

/** An http or https URL, without query and fragment; the slash at its end is taken off. */
export const webUrl: SettingType<string> = {
  label: 'http or https URL',
  parse(raw) {
    const url = urlOf(textOf(raw, this.label));
    if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
      throw new InvalidValue('must be a URL that begins with https:// or http://');
    }
    if (url.search !== '' || url.hash !== '') {
      throw new InvalidValue('must be a URL without a query (?…) and without a fragment (#…)');
    }
    return url.href.replace(/\/+$/, '');
  },
  show: maskUrl,
  quote: maskUrl,
};

function urlOf(written: string): URL | undefined {
  return URL.canParse(written) ? new URL(written) : undefined;
}
