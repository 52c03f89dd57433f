import { Ajv, type ErrorObject } from 'ajv';
import type { TSchema } from 'typebox';

import { JSON_DOCUMENTS } from './documents.js';

const ajv = new Ajv({ allErrors: true, strict: false });

/**
 * Where a document is not as its command says; empty where it is.
 *
 * @throws Error for a command whose document nobody has described.
 */
export function problemsOfDocument(command: string, document: unknown): readonly string[] {
  const described = JSON_DOCUMENTS.find((each) => each.command === command);
  if (described === undefined) throw new Error(`No document of “${command} --json” is described.`);
  const attempts = described.forms.map(({ schema }) => problemsOf(schema, document));
  const [closest = []] = attempts.sort((a, b) => a.length - b.length);
  return closest;
}

function problemsOf(schema: TSchema, document: unknown): string[] {
  const validate = ajv.compile(schema);
  return validate(document) ? [] : (validate.errors ?? []).map(problemText);
}

function problemText({ instancePath, message = '', params }: ErrorObject): string {
  return `${instancePath === '' ? '/' : instancePath} ${message} ${JSON.stringify(params)}`;
}
