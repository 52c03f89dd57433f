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

/** Two queries: the files with their values in all scopes, and the videos among them. */
export async function readGalleries(read: Read, shop: Shop, page: Page): Promise<Galleries> {
  const { linkField } = shop.product;
  const videos = await readVideos(read, shop, page);
  const rows = await read.rows<
    [
      link: number,
      valueId: number,
      file: string | null,
      mediaType: string,
      recordId: number | null,
      storeId: number,
      label: string | null,
      position: number | null,
      disabled: number | null,
    ]
  >(`
    SELECT t.${linkField}, t.value_id, g.value, g.media_type,
           v.record_id, v.store_id, v.label, v.position, v.disabled
    FROM ${shop.t('catalog_product_entity_media_gallery_value_to_entity')} t
    JOIN ${shop.t('catalog_product_entity_media_gallery')} g
      ON g.value_id = t.value_id AND g.attribute_id = ${shop.productAttributes.id('media_gallery')}
    LEFT JOIN ${shop.t('catalog_product_entity_media_gallery_value')} v
      ON v.value_id = t.value_id AND v.${linkField} = t.${linkField}
    WHERE ${page.links(`t.${linkField}`)}`);

  const galleries = new Map<number, Map<number, GalleryFile>>();
  for (const row of rows) {
    const [link, valueId, file, mediaType, recordId, storeId, label, position, disabled] = row;
    const gallery = within(galleries, link);
    let entry = gallery.get(valueId);
    if (entry === undefined) {
      const video = videos.get(valueId);
      entry = { file: file ?? '', mediaType, values: new Scoped<FileValues>(), video };
      gallery.set(valueId, entry);
    }
    // A file may have several rows for one scope: the last one written counts.
    if (recordId !== null && (entry.values.own(storeId)?.recordId ?? 0) < recordId) {
      entry.values.set(storeId, { recordId, label, position, disabled });
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
  const rows = await read.rows<
    [number, number, string | null, string | null, string | null, string | null, string | null]
  >(`
    SELECT w.value_id, w.store_id, w.provider, w.url, w.title, w.description, w.metadata
    FROM ${shop.t('catalog_product_entity_media_gallery_value_to_entity')} t
    JOIN ${shop.t('catalog_product_entity_media_gallery_value_video')} w
      ON w.value_id = t.value_id
    WHERE ${page.links(`t.${shop.product.linkField}`)}`);
  const videos = new Map<number, Scoped<VideoValues>>();
  for (const [valueId, storeId, provider, url, title, description, metadata] of rows) {
    setScoped(videos, valueId, storeId, { provider, url, title, description, metadata });
  }
  return videos;
}
