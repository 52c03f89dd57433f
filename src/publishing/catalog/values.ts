import type { SourceItem } from './catalog-format.js';

/** A field's text; '' where it has none. */
export function textOf(item: SourceItem, field: string): string {
  const value = item[field];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** A field's list of objects; empty where it is null or missing. */
export function listOf(item: SourceItem, field: string): readonly SourceItem[] {
  const value = item[field];
  return Array.isArray(value)
    ? value.filter((each): each is SourceItem => typeof each === 'object' && each !== null)
    : [];
}

/** Texts of a list; what is no text is left out. */
export function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value)
    ? value.filter((each): each is string => typeof each === 'string')
    : [];
}

/** The fields that hold something: neither empty texts nor empty lists. */
export function filled(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !isEmpty(value)));
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  return Array.isArray(value) && value.length === 0;
}

/** Title, description and keywords for search engines; undefined where there are none. */
export function metaTags(
  title: string,
  description: string,
  keywords: string,
): Record<string, unknown> | undefined {
  const words = keywords
    .split(/[,\n]/)
    .map((word) => word.trim())
    .filter((word) => word !== '');
  const tags = filled({ title, description, keywords: words });
  return Object.keys(tags).length === 0 ? undefined : tags;
}
