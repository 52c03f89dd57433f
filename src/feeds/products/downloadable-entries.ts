import { leadingNumber } from './casts.js';
import type { AttributeEntry } from './contract.js';
import type { Sample } from './contract-media.js';
import type { Option, OptionValue } from './contract-options.js';
import type { DownloadableLink, DownloadableSample } from './downloadables.js';
import { orNull } from './grouping.js';
import { base64, optionValue } from './option-values.js';
import type { ProductStoreView } from './store-views.js';

/** The option of a downloadable product; every one has it, also without links. */
export function downloadableOption(
  productId: number,
  label: string | null,
  links: readonly DownloadableLink[],
  storeView: ProductStoreView,
): Option {
  return {
    id: `link:${productId}`,
    ...(label === null ? {} : { label }),
    type: 'downloadable',
    values: orNull(links.flatMap((link) => linkValues(link, storeView))),
  };
}

/** A link is repeated for each price row of its website. */
function linkValues(
  { id, titles, sortOrder, downloads, hasSample, prices }: DownloadableLink,
  { id: storeId, websiteId, urls }: ProductStoreView,
): OptionValue[] {
  const infoUrl = hasSample ? `${urls.web}downloadable/download/linkSample/link_id/${id}` : null;
  return (prices?.get(websiteId) ?? prices?.get(0) ?? ['0']).map((price) =>
    optionValue({
      id: base64(`downloadable/${id}`),
      label: titles?.get(storeId) ?? null,
      sortOrder,
      qty: downloads,
      infoUrl,
      price: leadingNumber(price),
    }),
  );
}

/** `samples[]`, whatever the product's type. */
export function sampleEntries(
  samples: readonly DownloadableSample[],
  { id: storeId, urls }: ProductStoreView,
): Sample[] | null {
  return orNull(
    samples.map(({ id, sortOrder, titles }) => ({
      resource: {
        url: `${urls.web}downloadable/download/sample/sample_id/${id}`,
        label: titles.get(storeId) ?? null,
        roles: null,
      },
      sortOrder: String(sortOrder),
    })),
  );
}

/** The composed attribute of downloadable products: samples and links once more, as JSON text. */
export function acDownloadable(
  linksPurchasedSeparately: boolean,
  samples: readonly Sample[] | null,
  options: readonly Option[] | null,
): AttributeEntry {
  const links = options?.find(({ type }) => type === 'downloadable')?.values ?? [];
  const bySortOrder = links.toSorted((a, b) => (a.sortOrder ?? 0) - (b.sortOrder ?? 0));
  const text = asciiJson({
    purchase_separately: linksPurchasedSeparately,
    samples: (samples ?? [])
      .toSorted((a, b) => Number(a.sortOrder) - Number(b.sortOrder))
      .map(({ resource: { label, url } }) => ({ label, url })),
    links: bySortOrder.map(({ id, label, price, qty, infoUrl }, position) => ({
      uid: id,
      label: label ?? `Link ${position}`,
      price: price ?? 0,
      number_of_downloads: qty ?? 0,
      sample_url: infoUrl,
    })),
  });
  return { attributeCode: 'ac_downloadable', value: [text] };
}

/** JSON as PHP writes it: slashes escaped, and every UTF-16 unit beyond ASCII as `\uXXXX`. */
export function asciiJson(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll('/', '\\/')
    .replace(
      /[\u0080-\uffff]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
}
