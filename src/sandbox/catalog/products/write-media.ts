import { randomFor, type Catalog } from '../catalog.js';
import type { Version } from '../versions.js';
import type { Product } from './product.js';

/** Gallery entries of a version; one product in a hundred has a video, one image in thirty is hidden. */
export function mediaWriter(catalog: Catalog): (product: Product, version: Version) => void {
  const { writer, link, attributes, scopes } = catalog;
  const gallery = writer.table('catalog_product_entity_media_gallery', [
    'value_id',
    'attribute_id',
    'value',
    'media_type',
  ]);
  const owner = writer.table('catalog_product_entity_media_gallery_value_to_entity', [
    'value_id',
    link,
  ]);
  const value = writer.table('catalog_product_entity_media_gallery_value', [
    'value_id',
    'store_id',
    link,
    'label',
    'position',
    'disabled',
  ]);
  const video = writer.table('catalog_product_entity_media_gallery_value_video', [
    'value_id',
    'store_id',
    'provider',
    'url',
    'title',
    'description',
    'metadata',
  ]);
  const attributeId = attributes.product('media_gallery').id;
  const lastStore = scopes.storeViews.at(-1)?.id ?? 1;

  return (product, { rowId }) => {
    const random = randomFor(catalog, 'media', product.entityId);
    for (const [at, file] of product.images.entries()) {
      const id = gallery.nextId();
      gallery.add(id, attributeId, file, 'image');
      owner.add(id, rowId);
      const label = random.chance(0.3) ? `${product.name}, view ${at + 1}` : null;
      value.add(id, 0, rowId, label, at + 1, random.chance(0.03) ? 1 : 0);
      if (product.complete || random.chance(0.03)) {
        value.add(id, lastStore, rowId, 'Another label', null, 0);
      }
    }
    if (product.complete || random.chance(0.01)) {
      const id = gallery.nextId();
      gallery.add(id, attributeId, `/v/i/video_${product.entityId}.jpg`, 'external-video');
      owner.add(id, rowId);
      value.add(id, 0, rowId, null, product.images.length + 1, 0);
      const url = `https://videos.example.com/${product.entityId}`;
      video.add(id, 0, '', url, `About ${product.name}`, 'How it is made', '');
      video.add(id, lastStore, null, `${url}?s=${lastStore}`, null, null, null);
    }
  };
}
