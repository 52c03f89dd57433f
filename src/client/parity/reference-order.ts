import type { FeedItem } from '../../feeds/feed.js';
import type { FeedName } from '../../feeds/names.js';

/**
 * Fields that stand elsewhere in the reference exporter's items than in ours: each directly behind
 * another one. Its hash depends on the order of fields; ours does not need it.
 */
const MOVED: Readonly<
  Partial<Record<FeedName, readonly (readonly [field: string, behind: string])[]>>
> = {
  productAttributes: [
    ['label', 'multi'],
    ['systemAttribute', 'boolean'],
  ],
  // Bundles.
  products: [
    ['priceView', 'type'],
    ['weightType', 'weightUnit'],
  ],
};

/** The item with its fields in the order of the reference exporter. */
export function inReferenceOrder(feed: FeedName, item: FeedItem): FeedItem {
  let fields = Object.keys(item);
  for (const [field, behind] of MOVED[feed] ?? []) {
    if (!(field in item) || !(behind in item)) continue;
    fields = fields.filter((each) => each !== field);
    fields.splice(fields.indexOf(behind) + 1, 0, field);
  }
  return Object.fromEntries(
    fields.map((field) => [
      field,
      feed === 'products' && field === 'media_gallery'
        ? withVideosInOrder(item[field])
        : item[field],
    ]),
  );
}

/** The kind of a video stands first among its attributes. */
function withVideosInOrder(gallery: unknown): unknown {
  if (!Array.isArray(gallery)) return gallery;
  return (gallery as FeedItem[]).map((entry) => {
    const video = entry['video_attributes'];
    if (typeof video !== 'object' || video === null || !('mediaType' in video)) return entry;
    const { mediaType, ...others } = video;
    return { ...entry, video_attributes: { mediaType, ...others } };
  });
}
