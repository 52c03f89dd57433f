import { describe, expect, test } from 'vitest';

import { imageBase, imageUrl } from './image.js';

const LOCALHOST = imageBase({ media: 'http://localhost/media/', link: 'http://localhost/' });

describe('the image of a category', () => {
  test.each([
    ['foo.jpg', 'http://localhost/media/catalog/category/foo.jpg'],
    ['catalog/category/sub/b.jpg', 'http://localhost/media/catalog/category/b.jpg'],
    ['/media/catalog/category/foo.jpg', 'http://localhost/media/catalog/category/foo.jpg'],
    ['/pub/media/catalog/category/x y.png', 'http://localhost/media/catalog/category/x y.png'],
    ['media/catalog/tmp/x.png', 'http://localhost/media/catalog/tmp/x.png'],
    ['http://other.test/media/a.jpg', 'http://localhost/media/a.jpg'],
    ['https://other.test/img/a.jpg', 'http://localhost/media/catalog/category/a.jpg'],
    ['/wysiwyg/a.jpg', '/wysiwyg/a.jpg'],
    ['/mediafoo/q.jpg', '/mediafoo/q.jpg'],
    ['/shop/media/q.jpg', '/shop/media/q.jpg'],
    ['/media/a.jpg?x=1#y', 'http://localhost/media/a.jpg'],
    ['a.jpg?x=1', 'http://localhost/media/catalog/category/a.jpg?x=1'],
    ['', 'http://localhost/media/catalog/category/'],
  ])('stored as “%s” is “%s”', (stored, url) => {
    expect(imageUrl(stored, LOCALHOST)).toBe(url);
  });

  test('may be stored with the path of a shop that lives in a folder', () => {
    const base = imageBase({ media: 'http://localhost/media/', link: 'http://localhost/shop/' });
    expect(imageUrl('/shop/media/q.jpg', base)).toBe('http://localhost/media/q.jpg');
    expect(imageUrl('/media/q.jpg', base)).toBe('http://localhost/media/q.jpg');
  });
});
