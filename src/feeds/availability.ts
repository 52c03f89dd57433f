import type { Shop } from '../commerce/shop.js';
import type { Feed } from './feed.js';

/** The tables a feed needs that this edition of Commerce does not have. */
export function missingTables(shop: Shop, feed: Pick<Feed, 'requiredTables'>): readonly string[] {
  return (feed.requiredTables ?? []).filter((table) => !shop.hasTable(table));
}

/** Why a feed has no items in this edition, for people. */
export function unavailableSentence(feed: Pick<Feed, 'name'>, missing: readonly string[]): string {
  return `The feed ${feed.name} is not available in this edition of Commerce: there is no table ${missing.join(', ')}.`;
}
