import { describe, expect, test } from 'vitest';

import { Configuration } from './configuration.js';
import { countryName } from './configured-place.js';
import { contentFilter } from './content-filter.js';

const configuration = new Configuration(
  new Map([
    ['default/0/web/unsecure/base_url', 'http://shop.test/'],
    ['default/0/web/seo/use_rewrites', '1'],
    ['stores/1/web/unsecure/base_url', 'http://store-view.test/'],
    ['default/0/general/store_information/name', 'My <Shop>'],
    ['default/0/general/store_information/country_id', 'DE'],
    ['default/0/general/store_information/region_id', '82'],
    ['default/0/payment/secret', 'secret'],
  ]),
  new Map([[1, 1]]),
);
const variables = new Map([
  ['both', { plain: 'plain', html: '<b>html</b>' }],
  ['plain', { plain: `<&"'>`, html: '' }],
  ['nothing', { plain: null, html: null }],
]);
const filter = contentFilter({
  configuration,
  variables,
  place: { country: 'Germany', region: 'Bayern' },
});

const FAILED = "We're sorry, an error has occurred while generating this content.";

describe('the content filter', () => {
  test('decodes encoded HTML blocks, unless Page Builder is off', () => {
    const block =
      '<div data-content-type="html">&lt;b&gt;bold&lt;/b&gt; {{config path="general/store_information/name"}}</div>';
    expect(filter(block)).toContain('data-decoded="true"');
    expect(filter(block)).toContain('<b>bold</b>');
    const off = contentFilter({ configuration, variables, pageBuilder: false });
    expect(off(block)).toContain('>&lt;b&gt;bold&lt;/b&gt; My <Shop></div>');
  });

  test.each([
    'Plain text with { braces } and {{ no end',
    '<p>Grün &amp; 日本</p>',
    '',
    '0',
    '<div data-content-type="row">as it is</div>',
  ])('leaves %j as it is', (text) => {
    expect(filter(text)).toBe(text);
  });

  test.each([
    ['{{media url="a/b.jpg"}}', 'http://shop.test/media/a/b.jpg'],
    ["{{media url='a b.jpg'}}", 'http://shop.test/media/a b.jpg'],
    ['{{media url=a.jpg}}', 'http://shop.test/media/a.jpg'],
    ['{{MEDIA url=../x}}', 'http://shop.test/media/../x'],
    ['{{media url=&quot;a.jpg&quot;}}', 'http://shop.test/media/a.jpg'],
    ['{{media url=$logo}}', 'http://shop.test/media/'],
    ['{{media url=a}} in {{/media}}!', 'http://shop.test/media/a!'],
    ['{{store direct_url="x.html"}}', 'http://shop.test/x.html'],
    ['{{store url="a/b"}}', 'http://shop.test/a/b/'],
    ['{{store url=""}}', 'http://shop.test/'],
    ['{{config path="general/store_information/name"}}', 'My <Shop>'],
    ['{{config path="general/store_information/country_id"}}', 'Germany'],
    ['{{config path="general/store_information/region_id"}}', 'Bayern'],
    ['{{config path="web/unsecure/base_url"}}', 'http://shop.test/'],
    ['{{config path="general/store_information/phone"}}', ''],
    ['{{config path="payment/secret"}}', ''],
    ['{{config}}', ''],
    ['{{customVar code=both}}', '<b>html</b>'],
    ['{{customvar code="plain"}}', '&lt;&amp;&quot;&#039;&gt;'],
    ['{{customVar code=nothing}}|{{customVar code=unknown}}|{{customVar}}', '||'],
    ['{{protocol}}', 'http'],
    ['{{protocol url="a/b"}}', 'http://a/b'],
    ['{{trans "Hello %name, %unknown" name="Ann"}}', 'Hello Ann, %unknown'],
    ['{{trans nothing}}', ''],
  ])('resolves %s', (text, expected) => {
    expect(filter(`before ${text} after`)).toBe(`before ${expected} after`);
  });

  test.each([
    '{{block class="X"}}',
    '{{widget type="Y"}}',
    '{{view url="a.css"}}',
    '{{layout handle="z"}}',
    '{{var name}}',
    '{{if a}}yes{{/if}}',
    '{{unknown thing}}',
    '{{averylongname x}}',
  ])('keeps what only Commerce can render, or nobody: %s', (text) => {
    expect(filter(`a ${text} b`)).toBe(`a ${text} b`);
  });

  test.each(['{{}}', '{{ x }}', '{{media}}', '{{/media}}', '{{css file="a"}}', '{{inlinecss}}'])(
    'gives up the whole text for %s',
    (text) => {
      expect(filter(`a ${text} {{media url=b}}`)).toBe(FAILED);
    },
  );

  test('takes the admin’s link base URL, with its store code where codes are in URLs', () => {
    const withCodes = new Configuration(
      new Map([
        ['default/0/web/unsecure/base_url', 'http://shop.test/'],
        ['default/0/web/url/use_store', '1'],
      ]),
      new Map(),
    );
    expect(contentFilter({ configuration: withCodes, variables })('{{store url=a}}')).toBe(
      'http://shop.test/index.php/admin/a/',
    );
  });
});

test('countries have English names; what is no code stays', () => {
  expect([countryName('FR'), countryName('France'), countryName('')]).toEqual([
    'France',
    'France',
    '',
  ]);
});
