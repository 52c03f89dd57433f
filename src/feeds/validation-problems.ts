import type { ErrorObject } from 'ajv';

import type { ItemProblem } from './validation.js';

/** Problems told of one item; the rest adds nothing to what has to be done. */
const MAX_PROBLEMS = 10;
/** A field name that came with the item is cut off there. */
const MAX_NAME = 100;

/** Ajv's errors in the words of an answer: one problem for each field, the offending one named. */
export function problemsOf(errors: readonly ErrorObject[]): ItemProblem[] {
  const messages = new Map<string, Set<string>>();
  for (const error of withoutAlternatives(errors)) {
    if (error.keyword === 'if') continue;
    const field = fieldOf(error);
    const said = messages.get(field);
    if (said !== undefined) said.add(messageOf(error));
    else if (messages.size < MAX_PROBLEMS) messages.set(field, new Set([messageOf(error)]));
  }
  return [...messages].map(([field, said]) => ({ field, message: [...said].join('; ') }));
}

/**
 * Ajv lists the errors of every alternative of an `anyOf` before the `anyOf` itself. If one
 * alternative was of the value's type, its errors are the ones to tell; else it is that no type
 * fits, said once: `must be string or null`.
 */
function withoutAlternatives(errors: readonly ErrorObject[]): ErrorObject[] {
  let kept: ErrorObject[] = [];
  for (const error of errors) {
    if (error.keyword !== 'anyOf' && error.keyword !== 'oneOf') {
      kept.push(error);
      continue;
    }
    const inside = (each: ErrorObject): boolean =>
      each.schemaPath.startsWith(`${error.schemaPath}/`);
    const alternatives = kept.filter(inside);
    const mismatches = alternatives.filter((each) => isMismatch(each, error.instancePath));
    const rest = kept.filter((each) => !inside(each));
    kept =
      mismatches.length < alternatives.length
        ? [...rest, ...alternatives.filter((each) => !mismatches.includes(each))]
        : [...rest, { ...error, message: oneOf(mismatches.map(messageOf)) }];
  }
  return kept;
}

function isMismatch({ keyword, instancePath }: ErrorObject, at: string): boolean {
  return instancePath === at && ['type', 'const', 'enum', 'anyOf', 'oneOf'].includes(keyword);
}

function oneOf(messages: readonly string[]): string {
  const kinds = messages.map((message) => message.replace(/^must be /, ''));
  return `must be ${[...new Set(kinds)].join(' or ')}`;
}

function fieldOf({ keyword, instancePath, params }: ErrorObject): string {
  const named = params as {
    readonly missingProperty?: string;
    readonly additionalProperty?: string;
  };
  switch (keyword) {
    case 'required':
      return `${instancePath}/${pointerPart(named.missingProperty)}`;
    case 'additionalProperties':
      return `${instancePath}/${pointerPart(named.additionalProperty)}`;
    default:
      return instancePath;
  }
}

function messageOf({ keyword, params, message }: ErrorObject): string {
  const allowed = params as { readonly allowedValue?: unknown; readonly allowedValues?: unknown[] };
  switch (keyword) {
    case 'required':
      return 'is required';
    case 'additionalProperties':
      return 'is not a field of the contract';
    case 'false schema':
      return 'is not allowed here';
    case 'const':
      return `must be ${JSON.stringify(allowed.allowedValue)}`;
    case 'enum':
      return oneOf((allowed.allowedValues ?? []).map((value) => JSON.stringify(value)));
    default:
      return message ?? `breaks the rule ${keyword}`;
  }
}

function pointerPart(name = ''): string {
  return name.slice(0, MAX_NAME).replaceAll('~', '~0').replaceAll('/', '~1');
}
