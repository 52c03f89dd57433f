import { hash } from 'node:crypto';

import type { Attributes } from '../../commerce/attributes.js';
import type { GalleryEntry, Image, RoleImage, Video, VideoAttributes } from './contract-media.js';
import type { Galleries, GalleryFile } from './gallery.js';
import { orNull } from './grouping.js';
import type { PageProduct } from './page.js';
import type { Scoped } from './scoped.js';
import type { ProductStoreView } from './store-views.js';
import type { ProductValues } from './values.js';

export interface Media {
  readonly media_gallery: GalleryEntry[] | null;
  readonly images: Image[] | null;
  readonly videos: Video[] | null;
}

const NO_MEDIA: Media = { media_gallery: null, images: null, videos: null };

/** The attributes whose value names a file, in the order of roles. */
const ROLES = ['image', 'small_image', 'thumbnail', 'swatch_image'] as const;
type Role = (typeof ROLES)[number];

/** Makes pictures and galleries of products. */
export class MediaMaker {
  readonly #roleIds: readonly (readonly [Role, number])[];

  constructor(attributes: Attributes) {
    this.#roleIds = ROLES.map((role) => [role, attributes.id(role)]);
  }

  /** Gallery, images and videos of a product in a store view. */
  of(
    product: PageProduct,
    galleries: Galleries,
    values: ProductValues,
    storeView: ProductStoreView,
  ): Media {
    const gallery = galleries.get(product.link);
    if (gallery === undefined) return NO_MEDIA;
    const roles = this.#rolesOf(values, storeView.id);
    const all: GalleryEntry[] = [];
    const images: Image[] = [];
    const videos: Video[] = [];
    for (const file of inOrder(gallery, product, storeView)) {
      const position = column(file, storeView.id, 'position');
      const label = column(file, storeView.id, 'label') ?? '';
      const url = fileUrl(storeView, file.file);
      const types = rolesOfFile(roles, file.file);
      const video = file.video && videoAttributes(file.video, file.mediaType, storeView.id);
      all.push({
        url,
        label,
        types,
        sort_order: position ?? 0,
        ...(video === undefined ? {} : { video_attributes: video }),
      });
      const hidden = (column(file, storeView.id, 'disabled') ?? 0) !== 0;
      const shown = hidden ? [...(types ?? []), 'hide_from_pdp'] : types;
      const resource = { url, label, roles: shown };
      const sortOrder = String(position ?? 0);
      if (file.mediaType === 'image') {
        images.push({ resource, sortOrder });
      } else if (file.mediaType === 'external-video') {
        videos.push({ preview: resource, ...(video === undefined ? {} : { video }), sortOrder });
      }
    }
    return { media_gallery: all, images: orNull(images), videos: orNull(videos) };
  }

  #rolesOf(values: ProductValues, storeId: number): (readonly [Role, string])[] {
    const roles: (readonly [Role, string])[] = [];
    for (const [role, attributeId] of this.#roleIds) {
      const file = values.text(attributeId, storeId);
      if (file !== null && file !== '') roles.push([role, file]);
    }
    return roles;
  }
}

/** The picture of a role; whatever the value says, also `no_selection`, is appended to the URL. */
export function roleImage(
  file: string | null,
  label: string | null,
  storeView: ProductStoreView,
): RoleImage | undefined {
  return file === null ? undefined : { url: fileUrl(storeView, file), label };
}

function fileUrl({ urls }: ProductStoreView, file: string): string {
  return `${urls.media}catalog/product${file}`;
}

function rolesOfFile(roles: readonly (readonly [Role, string])[], file: string): Role[] | null {
  const found: Role[] = [];
  for (const [role, named] of roles) if (named === file) found.push(role);
  return orNull(found);
}

/**
 * Media: the reference exporter orders by a hash, not by position, and files with one hash collapse
 * into the last of them.
 */
function inOrder(
  gallery: ReadonlyMap<number, GalleryFile>,
  product: PageProduct,
  storeView: ProductStoreView,
): Iterable<GalleryFile> {
  if (gallery.size === 1) return gallery.values();
  const keyed = new Map<string, GalleryFile>();
  for (const file of gallery.values()) {
    const position = column(file, storeView.id, 'position') ?? '';
    keyed.set(hash('sha1', `${storeView.code}-${product.id}-${position}-${file.file}`), file);
  }
  return [...keyed].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, file]) => file);
}

function column<Key extends 'label' | 'position' | 'disabled'>(
  { values }: GalleryFile,
  storeId: number,
  key: Key,
): NonNullable<NonNullable<typeof values.base>[Key]> | null {
  return values.own(storeId)?.[key] ?? values.base?.[key] ?? null;
}

function videoAttributes(
  scoped: Scoped<Record<'provider' | 'url' | 'title' | 'description' | 'metadata', string | null>>,
  mediaType: string,
  storeId: number,
): VideoAttributes | undefined {
  const own = scoped.own(storeId);
  const base = scoped.base;
  const provider = filled(own?.provider ?? base?.provider);
  const url = filled(own?.url ?? base?.url);
  const title = filled(own?.title ?? base?.title);
  const description = filled(own?.description ?? base?.description);
  const metadata = filled(own?.metadata ?? base?.metadata);
  const empty = [provider, url, title, description, metadata].every((text) => text === null);
  if (empty) return undefined;
  return {
    videoProvider: provider,
    videoUrl: url,
    videoTitle: title,
    videoDescription: description,
    videoMetadata: metadata,
    mediaType,
  };
}

/** Texts that count as something: `''` and `'0'` do not. */
function filled(text: string | null | undefined): string | null {
  return text === undefined || text === null || text === '' || text === '0' ? null : text;
}
