import type { Random } from './random.js';

const adjectives =
  'Alpine Breezy Classic Coastal Daily Eco Essential Everyday Flex Gentle Harbor Highland Light Lunar Meadow Merino Modern Nordic Pacific Prime Quiet Rapid River Rugged Silver Solar Summit Swift Thermal Trail Urban Vivid Wander Winter'.split(
    ' ',
  );
const things =
  'Backpack Beanie Belt Bottle Cap Cardigan Coat Duffle Fleece Gloves Hoodie Jacket Jeans Lamp Leggings Mat Mug Pants Parka Polo Pullover Sandals Scarf Shirt Shorts Skirt Sneakers Socks Sweater Tank Tee Tent Towel Tunic Vest Watch'.split(
    ' ',
  );
const makers = 'Aldane Brisk Corvo Dunmore Elmet Fjell Grovane Halden Iskra Jorvik'.split(' ');
const sentences = [
  'Made for long days outdoors, and comfortable enough for the evening after.',
  'The fabric dries in an hour and keeps its shape after a hundred washes.',
  'Two pockets close with a zip; a third one is just large enough for a map.',
  'Seams are taped by hand, which takes longer and lasts longer.',
  'It weighs less than a cup of coffee and folds into its own bag.',
  'Reflective trim makes sure that you are seen on the way home.',
  'A favourite since the first season, now with a better collar.',
  'Wash at 30 degrees; do not tumble dry, do not bleach.',
  'Tested for a year by mountain guides, couriers and two very active dogs.',
  'The lining is recycled from what used to be fishing nets.',
  'Fits true to size: take your usual one, or one larger over a jumper.',
  'Comes in a plain box without plastic.',
];

/** `Alpine Fleece Jacket`-like; not unique. */
export function productName(random: Random): string {
  return `${random.pick(makers)} ${random.pick(adjectives)} ${random.pick(things)}`;
}

export function categoryName(random: Random): string {
  return `${random.pick(adjectives)} ${random.pick(things)}`;
}

/** HTML of `count` sentences. */
export function paragraph(random: Random, count: number): string {
  return `<p>${random.some(sentences, count).join(' ')}</p>`;
}

export function sentence(random: Random): string {
  return random.pick(sentences);
}

/** For a URL: lower case letters and digits, joined by dashes. */
export function urlKey(text: string): string {
  return text
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}

const translations: Readonly<Record<string, string>> = {
  de: 'in Grün',
  fr: 'à l’été',
  es: 'edición única',
  it: 'così com’è',
  nl: 'nieuwe reeks',
  pl: 'żółta łąka',
  ja: '新着',
};

/** The name as a store view of that language has it. */
export function translated(name: string, language: string): string {
  return `${name} ${translations[language] ?? `(${language})`}`;
}
