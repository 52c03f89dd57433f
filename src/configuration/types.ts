import { resolve } from 'node:path';

import { Secret } from './secret.js';

/** A value as it is written: text in variables and flags, also lists and maps in the file. */
export type RawValue = string | readonly string[] | Readonly<Record<string, string>>;

/**
 * What a setting's value may be. Written by hand rather than with zod, whose import alone would
 * lengthen the start of every command by some 70 ms.
 */
export interface SettingType<T> {
  /** For people: “whole number from 1 to 100”. */
  readonly label: string;
  /** Never shown, neither by `config show` nor in a problem. */
  readonly secret?: boolean;
  /**
   * Takes the written value; paths are relative to `directory`.
   *
   * @throws InvalidValue
   */
  parse(raw: RawValue, directory: string): T;
  /** The value as `config show` prints it. */
  show(value: T): string;
  /** A refused value as a problem repeats it; undefined: it is not repeated. Default: as written. */
  quote?(raw: string): string | undefined;
}

/** Why a value is refused, as the predicate of a sentence: “must be …”, “is not …”. */
export class InvalidValue extends Error {
  override readonly name = 'InvalidValue';
  /** Whether the sentence says itself what is wrong, so that the value need not be repeated. */
  readonly complete: boolean;

  constructor(message: string, { complete = false } = {}) {
    super(message);
    this.complete = complete;
  }
}

export interface TextOptions {
  readonly label?: string;
  readonly pattern?: RegExp;
}

export function text({ label = 'text', pattern }: TextOptions = {}): SettingType<string> {
  return {
    label,
    parse(raw) {
      const value = textOf(raw, label);
      if (pattern?.test(value) === false) throw new InvalidValue(`must be ${label}`);
      return value;
    },
    show: (value) => value,
  };
}

export function integer(min: number, max: number): SettingType<number> {
  const label = `whole number from ${min} to ${max}`;
  return {
    label,
    parse(raw) {
      const written = textOf(raw, label);
      const value = /^[+-]?\d+$/.test(written) ? Number(written) : Number.NaN;
      if (!(value >= min && value <= max)) throw new InvalidValue(`must be a ${label}`);
      return value;
    },
    show: String,
  };
}

export function decimal(min: number, max: number): SettingType<number> {
  const label = `number from ${min} to ${max}`;
  return {
    label,
    parse(raw) {
      const written = textOf(raw, label);
      const value = /^[+-]?(\d+\.?\d*|\.\d+)$/.test(written) ? Number(written) : Number.NaN;
      if (!(value >= min && value <= max)) throw new InvalidValue(`must be a ${label}`);
      return value;
    },
    show: String,
  };
}

const SWITCH = new Map([
  ...['1', 'true', 'yes', 'on'].map((word) => [word, true] as const),
  ...['0', 'false', 'no', 'off'].map((word) => [word, false] as const),
]);

export const boolean: SettingType<boolean> = {
  label: '1 or 0',
  parse(raw) {
    const value = SWITCH.get(textOf(raw, this.label).toLowerCase());
    if (value === undefined) throw new InvalidValue('must be 1 or 0 (true or false, on or off)');
    return value;
  },
  show: (value) => (value ? '1' : '0'),
};

export function choice<const Value extends string>(
  ...values: readonly Value[]
): SettingType<Value> {
  const label = values.map((value) => `\`${value}\``).join(', ');
  return {
    label,
    parse(raw) {
      const written = textOf(raw, label).toLowerCase();
      const value = values.find((each) => each === written);
      if (value === undefined) throw new InvalidValue(`must be one of ${values.join(', ')}`);
      return value;
    },
    show: (value) => value,
  };
}

/** A file, as an absolute path. */
export const path: SettingType<string> = {
  label: 'path of a file',
  parse: (raw, directory) => resolve(directory, textOf(raw, 'path of a file')),
  show: (value) => value,
};

/** A moment, RFC 3339. */
export const time: SettingType<Date> = {
  label: 'RFC 3339 time',
  parse(raw) {
    const written = textOf(raw, this.label);
    const value = new Date(written);
    const pattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i;
    if (!pattern.test(written) || Number.isNaN(value.getTime())) {
      throw new InvalidValue('must be a time with its offset (RFC 3339)');
    }
    return value;
  },
  show: (value) => value.toISOString(),
};

/** Texts, separated by commas in a variable, a list in the file. */
export const list: SettingType<readonly string[]> = {
  label: 'list, separated by commas',
  parse: (raw) => listOf(raw),
  show: (value) => value.join(','),
};

/** Names and their values: a JSON object in a variable, a map in the file. */
export const map: SettingType<Readonly<Record<string, string>>> = {
  label: 'JSON object of texts',
  parse(raw) {
    if (isMap(raw)) return raw;
    const value = typeof raw === 'string' ? parseJson(raw) : undefined;
    if (!isMapOfTexts(value)) {
      throw new InvalidValue('must be a JSON object whose values are texts');
    }
    return value;
  },
  show: (value) => JSON.stringify(value),
};

/** The same type, its value wrapped so that it cannot be printed by accident. */
export function secret<T>(type: SettingType<T>): SettingType<Secret<T>> {
  return {
    label: type.label,
    secret: true,
    parse: (raw, directory) => new Secret(type.parse(raw, directory)),
    show: String,
    quote: () => undefined,
  };
}

/** @throws InvalidValue for lists and maps. */
export function textOf(raw: RawValue, label: string): string {
  if (typeof raw !== 'string') throw new InvalidValue(`must be a ${label}, not a list or a map`);
  return raw.trim();
}

/** @throws InvalidValue for maps. */
export function listOf(raw: RawValue): readonly string[] {
  if (isMap(raw)) throw new InvalidValue('must be a list, not a map');
  const parts = typeof raw === 'string' ? raw.split(/[,\n]/) : raw;
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

export function isMap(raw: RawValue): raw is Readonly<Record<string, string>> {
  return typeof raw !== 'string' && !Array.isArray(raw);
}

function parseJson(written: string): unknown {
  try {
    return JSON.parse(written);
  } catch {
    // The parser's message repeats the text, which may be a secret.
    throw new InvalidValue('must be a JSON object; it is not valid JSON');
  }
}

function isMapOfTexts(value: unknown): value is Readonly<Record<string, string>> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((each) => typeof each === 'string')
  );
}
