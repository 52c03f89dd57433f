import type { Shop } from '../commerce/shop.js';
import type { FeedName } from '../feeds/names.js';

/** A setting of the reference exporter's in the shop's configuration, for shops that tuned it. */
export function shopSetting(
  shop: Shop,
  feed: FeedName,
  name: 'batch_size' | 'thread_count',
): number | undefined {
  const value = Number(shop.configuration.value(`commerce_data_export/feeds/${feed}/${name}`));
  return Number.isInteger(value) && value > 0 ? value : undefined;
}
