import type { Address } from './contract.js';

/*
 * From columns to payload values. NULL becomes undefined where the payload then lacks the field,
 * and null where it keeps it.
 */

/** A decimal as payloads carry it: 14 significant digits, as the reference exporter serialises. */
export function decimal(value: string | number | null): number | undefined {
  return value === null ? undefined : rounded(Number(value));
}

export function rounded(value: number): number {
  return Number.isInteger(value) && Math.abs(value) < 1e14 ? value : Number(value.toPrecision(14));
}

/** A whole number, cut towards zero. */
export function whole(value: string | number | null): number | undefined {
  return value === null ? undefined : Math.trunc(Number(value));
}

export function flag(value: number | null): boolean | undefined {
  return value === null ? undefined : value !== 0;
}

export function text(value: string | number | null): string | undefined {
  return value === null ? undefined : String(value);
}

/** `2026-11-21 22:36:32` as RFC 3339; the session's time zone is UTC. */
export function date(value: string | null): string | null {
  return value === null ? null : `${value.replace(' ', 'T')}+00:00`;
}

export function uuidRef(uuid: string | undefined): { id: string } | null {
  return uuid === undefined ? null : { id: uuid };
}

export function listOrNull<Value>(list: Value[] | undefined): Value[] | null {
  return list === undefined || list.length === 0 ? null : list;
}

/** Every field of `T`; undefined where an optional one is absent. */
type Draft<T> = {
  readonly [Field in keyof T]-?: object extends Pick<T, Field> ? T[Field] | undefined : T[Field];
};

/** The fields that are there. */
export function present<T extends object>(draft: Draft<T>): T {
  const item: Record<string, unknown> = {};
  for (const field in draft) {
    const value: unknown = draft[field as unknown as keyof Draft<T>];
    if (value !== undefined) item[field] = value;
  }
  return item as T;
}

/** `street` at line feeds only: a carriage return stays, empty lines stay. */
export function lines(street: string | null): Address['multiLineStreet'] {
  return street === null ? null : street.split('\n');
}
