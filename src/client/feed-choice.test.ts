import { describe, expect, test } from 'vitest';

import { enabledFeeds } from './feed-choice.js';

const namesOf = (names: string | undefined, ...enabled: Parameters<typeof enabledFeeds>[1]) =>
  enabledFeeds(names, enabled).map(({ name }) => name);

describe('feeds that are on', () => {
  test('are all that a command compares where none is named', () => {
    expect(namesOf(undefined, 'products')).toEqual(['products']);
  });

  test('can be named, each once, in the order written', () => {
    expect(namesOf('prices,products,prices', 'products', 'prices')).toEqual(['prices', 'products']);
  });

  test('are told where one is named that is off', () => {
    expect(() => namesOf('prices,products', 'products')).toThrow(
      'Not switched on by FEEDS: prices. Feeds that are on: products.',
    );
  });
});
