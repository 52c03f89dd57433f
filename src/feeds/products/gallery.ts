import type { Read } from '../../commerce/read.js';
import type { Shop } from '../../commerce/shop.js';
import { within } from './grouping.js';
import type { Page } from './page.js';
import { Scoped, setScoped } from './scoped.js';

/** What a scope says of a file. Each column falls back on its own where it is NULL. */
export interface FileValues {
  readonly recordId: number;
  readonly label: string | null;
  readonly position: number | null;
  readonly disabled: number | null;
}

export interface VideoValues {
  readonly provider: string | null;
  readonly url: string | null;
  readonly title: string | null;
  readonly description: string | null;
  readonly metadata: string | null;
}

/** A file in the gallery of a product. */
export interface GalleryFile {
  readonly file: string;
  readonly mediaType: string;
  readonly values: Scoped<FileValues>;
  readonly video: Scoped<VideoValues> | undefined;
}

/** The files of galleries by link id; of each gallery, by value id. */
export type Galleries = ReadonlyMap<number, ReadonlyMap<number, GalleryFile>>;

/**
 * Three queries: the files, their values in all scopes, the videos among them. Values are not
 * joined: an index on the product alone would read all values of a gallery for each of its files.
 */
export async function readGalleries(read: Read, shop: Shop, page: Page): Promise<Galleries> {
  const { linkField } = shop.product;
  const videos = await readVideos(read, shop, page);
  const files = await read.rows<[number, number, string | null, string]>(`
    SELECT t.${linkField}, t.value_id, g.value, g.media_type
    FROM ${shop.t('catalog_product_entity_media_gallery_value_to_entity')} t
    JOIN ${shop.t('catalog_product_entity_media_gallery')} g ON g.value_id = t.value_id
    WHERE ${page.links(`t.${linkField}`)}
      AND g.attribute_id+0 = ${shop.productAttributes.id('media_gallery')}`);
  const galleries = new Map<number, Map<number, GalleryFile>>();
  for (const [link, valueId, file, mediaType] of files) {
    within(galleries, link).set(valueId, {
      file: file ?? '',
      mediaType,
      values: new Scoped<FileValues>(),
      video: videos.get(valueId),
    });
  }

  const values = await read.rows<
    [number, number, number, number, string | null, number | null, number | null]
  >(`
    SELECT v.${linkField}, v.value_id, v.record_id, v.store_id, v.label, v.position, v.disabled
    FROM ${shop.t('catalog_product_entity_media_gallery_value')} v
    WHERE ${page.links(`v.${linkField}`)}`);
  for (const [link, valueId, recordId, storeId, label, position, disabled] of values) {
    const scoped = galleries.get(link)?.get(valueId)?.values;
    // A file may have several rows for one scope: the last one written counts.
    if (scoped !== undefined && (scoped.own(storeId)?.recordId ?? 0) < recordId) {
      scoped.set(storeId, { recordId, label, position, disabled });
    }
  }
  return galleries;
}

/** The video columns of the page's files in all scopes, by value id. */
async function readVideos(
  read: Read,
  shop: Shop,
  page: Page,
): Promise<Map<number, Scoped<VideoValues>>> {
  const videos = new Map<number, Scoped<VideoValues>>();
  if (!shop.hasTable('catalog_product_entity_media_gallery_value_video')) return videos;
  const rows = await read.rows<
    [number, number, string | null, string | null, string | null, string | null, string | null]
  >(`
    SELECT w.value_id, w.store_id, w.provider, w.url, w.title, w.description, w.metadata
    FROM ${shop.t('catalog_product_entity_media_gallery_value_to_entity')} t
    JOIN ${shop.t('catalog_product_entity_media_gallery_value_video')} w
      ON w.value_id = t.value_id
    WHERE ${page.links(`t.${shop.product.linkField}`)}`);
  for (const [valueId, storeId, provider, url, title, description, metadata] of rows) {
    setScoped(videos, valueId, storeId, { provider, url, title, description, metadata });
  }
  return videos;
}
