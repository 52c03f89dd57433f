import { describe, expect, test } from 'vitest';

import { decodeEntities, encodeEntities } from './html-entities.js';
import { decodeHtmlBlocks } from './page-builder.js';

describe('HTML blocks of Page Builder', () => {
  const block = (content: string, more = ''): string =>
    `<div data-content-type="html"${more}>${content}</div>`;

  test('become HTML, in which characters beyond ASCII stay', () => {
    expect(decodeHtmlBlocks(block('&lt;p class="a"&gt;Grün &amp;amp; 日本&lt;/p&gt;'))).toBe(
      block('<p class="a">Grün &amp; 日本</p>', ' data-decoded="true"'),
    );
  });

  test('are decoded once', () => {
    const decoded = block('<p>Gr&uuml;n &#26085;</p>', ' data-decoded="true"');
    expect(decodeHtmlBlocks(decoded)).toBe(decoded);
    expect(decodeHtmlBlocks(block('<p>日</p>', ' data-decoded="true"'))).toBe(
      block('<p>&#26085;</p>', ' data-decoded="true"'),
    );
  });

  test('within a block are part of its text', () => {
    expect(decodeHtmlBlocks(block(`&lt;i&gt;${block('&lt;b&gt;')}`))).toBe(
      block(`<i>${block('<b>')}`, ' data-decoded="true"'),
    );
  });

  test('let the text around them be written anew', () => {
    expect(
      decodeHtmlBlocks(
        `<P Class='x'>Preis: 5 € &lt; 6&nbsp;€<br/>ü 🎈<p>next<img SRC="a b.png" alt=''></p>${block('')}`,
      ),
    ).toBe(
      '<p class="x">Preis: 5 &euro; &lt; 6&nbsp;&euro;<br>&uuml; &#127880;</p><p>next' +
        `<img src="a%20b.png" alt=""></p>${block('', ' data-decoded="true"')}`,
    );
  });

  test.each([
    ['<ul><li>a<li>b</ul>', '<ul><li>a</li><li>b</li></ul>'],
    [
      '<table><tr><td>1<td>2<tr><td>3</table>',
      '<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table>',
    ],
    ['</p>a<b>b', 'a<b>b</b>'],
    ['<input disabled value=x>', '<input disabled value="x">'],
    [`<a title='say "hi"'>x</a>`, `<a title='say "hi"'>x</a>`],
    [`<a title='&quot;&#39;'>x</a>`, `<a title="&quot;'">x</a>`],
    ['<!-- <p> -->x', '<!-- <p> -->x'],
    ['<script>if (a < b && c) {}</script>', '<script>if (a < b && c) {}</script>'],
    ['<style>p > a {}</style>', '<style>p > a {}</style>'],
    ['a < b <', 'a &lt; b &lt;'],
  ])('%s is written as %s', (html, expected) => {
    expect(decodeHtmlBlocks(html)).toBe(expected);
  });
});

test('entities are those of HTML 4, by name or by number', () => {
  expect(decodeEntities('&Auml;&euro;&hearts;&#x41;&#66;&amp;&bogus;&#0;&')).toBe(
    'Ä€♥AB&&bogus;&#0;&',
  );
  expect(encodeEntities('Ä€♥"<\u00a0日')).toBe('&Auml;&euro;&hearts;"&lt;&nbsp;&#26085;');
});
