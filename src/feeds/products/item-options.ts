import { bundleOptions } from './bundle-options.js';
import type { Option } from './contract-options.js';
import { selectableOptions } from './custom-option-entries.js';
import { downloadableOption } from './downloadable-entries.js';
import type { Epoch } from './epoch.js';
import { groupedOption } from './grouped-options.js';
import { orNull } from './grouping.js';
import type { PageData } from './page-data.js';
import type { PageProduct } from './page.js';
import type { ProductStoreView } from './store-views.js';

/** `optionsV2`: custom options, downloadable, grouped, then bundle or configurable. */
export function optionsOf(
  epoch: Epoch,
  data: PageData,
  product: PageProduct,
  storeView: ProductStoreView,
  linksTitle: string | null,
): Option[] | null {
  const { id: storeId, websiteId } = storeView;
  const { link, type } = product;
  const options: Option[] = [];
  const custom = data.customOptions.get(link);
  if (custom !== undefined) options.push(...selectableOptions(custom, storeId));
  if (type === 'downloadable') {
    const links = data.downloadableLinks.get(link) ?? [];
    options.push(downloadableOption(product.id, linksTitle, links, storeView));
  }
  const links = data.links.get(link);
  if (links !== undefined) {
    const { groupedAttributes } = epoch;
    const { groupedValues, relatives } = data;
    const option = groupedOption(
      product.id,
      links,
      groupedAttributes,
      groupedValues,
      relatives,
      websiteId,
    );
    if (option !== undefined) options.push(option);
  }
  const bundle = data.bundles.get(link);
  if (bundle !== undefined) {
    options.push(...bundleOptions(bundle, data.relatives, data.names, storeView));
  }
  const configurable = data.configurables.get(link);
  if (configurable !== undefined) {
    options.push(...epoch.configurableOptions.of(configurable, storeId));
  }
  return orNull(options);
}
