import { baseUrls, type BaseUrls } from '../../commerce/base-urls.js';
import type { StoreView } from '../../commerce/scopes.js';
import type { Shop } from '../../commerce/shop.js';
import { leadingNumber } from './casts.js';

/** A store view with the configuration its items depend on. */
export interface ProductStoreView extends StoreView {
  readonly urls: BaseUrls;
  readonly currency: string | null;
  readonly weightUnit: string | null;
  /** Below this quantity stock is low. */
  readonly stockThreshold: number;
}

/** Store views by website id. */
export function storeViewsOf({ storeViews, configuration }: Shop): Map<number, ProductStoreView[]> {
  const byWebsite = new Map<number, ProductStoreView[]>();
  for (const storeView of storeViews) {
    const configured: ProductStoreView = {
      ...storeView,
      urls: baseUrls(configuration, storeView),
      currency: configuration.value('currency/options/base', storeView.id),
      weightUnit: configuration.value('general/locale/weight_unit', storeView.id),
      stockThreshold: leadingNumber(
        configuration.value('cataloginventory/options/stock_threshold_qty', storeView.id) ?? '',
      ),
    };
    const known = byWebsite.get(storeView.websiteId);
    if (known === undefined) byWebsite.set(storeView.websiteId, [configured]);
    else known.push(configured);
  }
  return byWebsite;
}
