import { describe, expect, test } from 'vitest';

import { Configuration } from '../../commerce/configuration.js';
import { trackingBase, trackingUrl } from './tracking-url.js';

const base = (settings: Readonly<Record<string, string>>): string =>
  trackingBase(
    new Configuration(
      new Map(Object.entries(settings).map(([path, value]) => [`default/0/${path}`, value])),
      new Map([[1, 1]]),
    ),
  );

describe('the page of a parcel', () => {
  test.each([
    [
      'the base URL of the default scope',
      { 'web/unsecure/base_url': 'http://shop.test/', 'web/seo/use_rewrites': '1' },
      'http://shop.test/shipping/tracking/popup?hash=',
    ],
    [
      'its own link URL, with one slash',
      { 'web/unsecure/base_link_url': 'http://links.test//', 'web/seo/use_rewrites': '1' },
      'http://links.test/shipping/tracking/popup?hash=',
    ],
    [
      'the name of the script where URLs are not rewritten',
      { 'web/unsecure/base_url': 'http://shop.test/' },
      'http://shop.test/magento/shipping/tracking/popup?hash=',
    ],
    [
      'the admin’s store code where URLs have store codes',
      {
        'web/unsecure/base_url': 'http://shop.test/',
        'web/seo/use_rewrites': '1',
        'web/url/use_store': '1',
      },
      'http://shop.test/admin/shipping/tracking/popup?hash=',
    ],
    [
      'the host of the command line where no URL is configured',
      { 'web/seo/use_rewrites': '1' },
      'http://localhost/shipping/tracking/popup?hash=',
    ],
  ])('begins with %s', (_, settings, expected) => {
    expect(base(settings)).toBe(expected);
  });

  test('ends with the parcel and the code that protects it, in the alphabet of URLs', () => {
    const hash = (id: number, code: string | null): string => trackingUrl('?hash=', id, code);
    expect(hash(7, 'abc')).toBe('?hash=dHJhY2tfaWQ6NzphYmM%7E');
    expect(hash(7, null)).toBe('?hash=dHJhY2tfaWQ6Nzo%7E');
    expect(hash(1, '~~~')).toBe('?hash=dHJhY2tfaWQ6MTp-fn4%7E');
    expect(hash(1, '???')).toBe('?hash=dHJhY2tfaWQ6MTo_Pz8%7E');
  });
});
