import type { CatalogItem, CatalogScopes, SourceItem } from './catalog-format.js';
import { filled, listOf, metaTags, textOf, textsOf } from './values.js';

const IMAGE_ROLES: Readonly<Record<string, string>> = {
  image: 'BASE',
  small_image: 'SMALL',
  thumbnail: 'THUMBNAIL',
  swatch_image: 'SWATCH',
};
const PARENT_LINKS: Readonly<Record<string, string>> = {
  configurable: 'VARIANT_OF',
  bundle: 'IN_BUNDLE',
  bundle_fixed: 'IN_BUNDLE',
};
/** Holds what the catalog has no field for, as JSON. */
const COMMERCE_ATTRIBUTES = 'aco_ac_attributes';

/** A product in a store view as a product in a locale, after the published field mapping. */
export function productToCatalog(item: SourceItem, { localeOf }: CatalogScopes): CatalogItem {
  const sku = textOf(item, 'sku');
  return {
    keys: { sku, source: { locale: localeOf(textOf(item, 'storeViewCode')) } },
    fields: {
      // Required: a product without them in a store view is known by its SKU there.
      name: textOf(item, 'name') || sku,
      slug: textOf(item, 'urlKey') || sku,
      status: textOf(item, 'status').toUpperCase() === 'ENABLED' ? 'ENABLED' : 'DISABLED',
      ...filled({
        description: textOf(item, 'description'),
        shortDescription: textOf(item, 'shortDescription'),
        visibleIn: visibleIn(textOf(item, 'visibility')),
        metaTags: metaTags(
          textOf(item, 'metaTitle'),
          textOf(item, 'metaDescription'),
          textOf(item, 'metaKeyword'),
        ),
        attributes: [commerceAttributes(item), ...attributes(item)],
        images: listOf(item, 'images').map(image),
        links: [...links(item), ...parentLinks(item)],
        routes: listOf(item, 'categoryData').map((category) =>
          filled({ path: category['categoryPath'], position: category['productPosition'] }),
        ),
        configurations: configurations(item),
        bundles: bundles(item),
        externalIds: [{ id: textOf(item, 'productId'), origin: 'AdobeCommerce' }],
      }),
    },
  };
}

function visibleIn(visibility: string): string[] {
  return visibility
    .split(',')
    .map((place) => place.trim().toUpperCase())
    .filter((place) => place === 'CATALOG' || place === 'SEARCH');
}

function commerceAttributes(item: SourceItem): object {
  const { inStock, lowStock, weight, weightType } = item;
  const value = JSON.stringify({ inStock, lowStock, weight, weightType });
  return { code: COMMERCE_ATTRIBUTES, values: [value] };
}

/** A variant's values refer to those of its parent's configurations, by code and label. */
function attributes(item: SourceItem): object[] {
  const isVariant = listOf(item, 'parents').some(
    (parent) => parent['productType'] === 'configurable',
  );
  return listOf(item, 'attributes').flatMap((entry) => {
    const code = textOf(entry, 'attributeCode');
    const values = textsOf(entry['value']);
    if (values.length === 0) return [];
    const [value = ''] = values;
    const variantReferenceId =
      isVariant && values.length === 1 ? referenceOf(code, value) : undefined;
    return [filled({ code, values, variantReferenceId })];
  });
}

function image(entry: SourceItem): Record<string, unknown> {
  const resource = (entry['resource'] ?? {}) as SourceItem;
  const roles = textsOf(resource['roles']);
  return filled({
    url: resource['url'],
    label: resource['label'],
    roles: roles.flatMap((role) => IMAGE_ROLES[role] ?? []),
    customRoles: roles.filter((role) => IMAGE_ROLES[role] === undefined),
  });
}

function links(item: SourceItem): object[] {
  return listOf(item, 'links').flatMap((link) => {
    const sku = textOf(link, 'sku');
    return sku === '' ? [] : [{ type: textOf(link, 'type').toUpperCase(), sku }];
  });
}

function parentLinks(item: SourceItem): object[] {
  return listOf(item, 'parents').flatMap((parent) => {
    const type = PARENT_LINKS[textOf(parent, 'productType')];
    return type === undefined ? [] : [{ type, sku: textOf(parent, 'sku') }];
  });
}

function configurations(item: SourceItem): object[] {
  return options(item, 'configurable').map((option) => {
    const code = textOf(option, 'id');
    const values = listOf(option, 'values');
    const first = values.find((value) => value['isDefault'] === true);
    return filled({
      attributeCode: code,
      label: option['label'],
      type: textOf(option, 'swatchType') === '' ? 'CONFIGURABLE' : 'SWATCH',
      defaultVariantReferenceId:
        first === undefined ? undefined : referenceOf(code, textOf(first, 'label')),
      values: values.map((value) =>
        filled({
          variantReferenceId: referenceOf(code, textOf(value, 'label')),
          label: value['label'],
          colorHex: value['colorHex'],
          imageUrl: value['imageUrl'],
        }),
      ),
    });
  });
}

function bundles(item: SourceItem): object[] {
  return options(item, 'bundle').map((option) => {
    const values = listOf(option, 'values');
    return filled({
      group: option['label'],
      required: option['required'] === true,
      multiSelect: ['checkbox', 'multi'].includes(textOf(option, 'renderType')),
      defaultItemSkus: values
        .filter((value) => value['isDefault'] === true)
        .map((value) => textOf(value, 'sku')),
      items: values.map((value) => ({
        sku: textOf(value, 'sku'),
        qty: value['qty'] ?? 1,
        userDefinedQty: value['qtyMutability'] === true,
      })),
    });
  });
}

function options(item: SourceItem, type: string): readonly SourceItem[] {
  return listOf(item, 'optionsV2').filter((option) => option['type'] === type);
}

function referenceOf(code: string, label: string): string {
  return `${code}/${label}`;
}
