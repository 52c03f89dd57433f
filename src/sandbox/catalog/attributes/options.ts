import type { StoreView } from '../scopes/scopes.js';
import { translated } from '../words.js';

/** A choice of a select or multiselect attribute. */
export interface AttributeOption {
  readonly id: number;
  readonly attributeCode: string;
  readonly sortOrder: number;
  /** Store view id → label; 0 is the admin’s. `null` is a row without a value. */
  readonly labels: readonly (readonly [storeId: number, label: string | null])[];
  /** Type 0 text, 1 colour, 2 image, 3 none. */
  readonly swatches: readonly (readonly [storeId: number, type: number, value: string | null])[];
}

const colors: Readonly<Record<string, string>> = {
  Black: '#000000',
  Blue: '#1857f7',
  Brown: '#945454',
  Gray: '#8f8f8f',
  Green: '#53a828',
  Lavender: '#ce64d4',
  Orange: '#eb6703',
  Purple: '#ef3dff',
  Red: '#ff0000',
  White: '#ffffff',
  Yellow: '#ffd500',
};

const choices: Readonly<Record<string, readonly string[]>> = {
  manufacturer: Array.from({ length: 24 }, (_, at) => `Maker ${String.fromCharCode(65 + at)}`),
  color: Object.keys(colors),
  size: ['XS', 'S', 'M', 'L', 'XL', 'XXL'],
  finish: ['Matt', 'Gloss', 'Satin', 'Raw'],
  material: ['Cotton', 'Hemp', 'Leather', 'Linen', 'Nylon', 'Polyester', 'Silk', 'Wool'],
  season: ['Spring', 'Summer', 'Autumn', 'Winter'],
};

/**
 * Options in order of id. Most have a label per language; the last of an attribute has the
 * admin’s alone, `Satin` a NULL row, and `Raw` no label at all.
 */
export function planOptions(storeViews: readonly StoreView[]): AttributeOption[] {
  let id = 0;
  return Object.entries(choices).flatMap(([attributeCode, names]) =>
    names.map((name, at): AttributeOption => {
      id += 1;
      const translate = attributeCode !== 'size' && at < names.length - 1;
      const stores = translate ? storeViews.filter(({ language }) => language !== 'en') : [];
      return {
        id,
        attributeCode,
        // The reverse of the id's order, so that the two are not mistaken for each other.
        sortOrder: names.length - at,
        labels: [
          ...(name === 'Raw' ? [] : [[0, name] as const]),
          ...stores.map(
            ({ id: storeId, language }) =>
              [storeId, name === 'Satin' ? null : translated(name, language)] as const,
          ),
        ],
        swatches: swatches(attributeCode, name, storeViews),
      };
    }),
  );
}

function swatches(
  attributeCode: string,
  name: string,
  storeViews: readonly StoreView[],
): AttributeOption['swatches'] {
  switch (attributeCode) {
    case 'color':
      return [
        [0, 1, colors[name] ?? '#000000'],
        ...(name === 'Red'
          ? storeViews.slice(-1).map(({ id }) => [id, 1, '#cc0000'] as const)
          : []),
      ];
    case 'size':
      return [
        [0, 0, name],
        ...(name === 'XXL' ? storeViews.slice(-1).map(({ id }) => [id, 0, '2XL'] as const) : []),
      ];
    case 'finish':
      return [name === 'Raw' ? [0, 3, null] : [0, 2, `/f/i/${name.toLowerCase()}.png`]];
    default:
      return [];
  }
}
