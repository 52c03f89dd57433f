import type { Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import { setTimeout as sleep } from 'node:timers/promises';

import { ExportError } from '../errors/export-error.js';
import { SEARCH_ATTRIBUTES } from '../workflows/search-attributes.js';

const { IndexedValueType } = proto.temporal.api.enums.v1;

type AttributeType = (typeof SEARCH_ATTRIBUTES)[number]['type'];

/** Types as the server counts them, and as the Temporal CLI and `tcld` spell them. */
const TYPES: Readonly<
  Record<AttributeType, { readonly value: number; readonly spelling: string }>
> = {
  KEYWORD: { value: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD, spelling: 'Keyword' },
  INT: { value: IndexedValueType.INDEXED_VALUE_TYPE_INT, spelling: 'Int' },
};

/** How the search attributes of a namespace stand. */
export interface SearchAttributeCheck {
  /** False where the server lets this user read none of them; then the lists are empty. */
  readonly readable: boolean;
  readonly missing: readonly string[];
  /** Registered with another type than ours, which cannot be changed. */
  readonly conflicting: readonly {
    readonly name: string;
    readonly expected: string;
    readonly found: string;
  }[];
}

/** What `ensureSearchAttributes` may use of a connection. */
type Services = Pick<Connection, 'operatorService' | 'workflowService'>;

/** gRPC statuses with which a server says that this is not for its users to do. */
const REFUSED = new Set([7 /* PERMISSION_DENIED */, 12 /* UNIMPLEMENTED */]);
const ALREADY_EXISTS = 6;

/** A server's own caches take some seconds to learn of new attributes. */
const APPEARS_WITHIN_MILLISECONDS = 15_000;

/** Compares the namespace's search attributes with those that runs set. */
export async function checkSearchAttributes(
  connection: Services,
  namespace: string,
): Promise<SearchAttributeCheck> {
  const present = await registered(connection, namespace);
  if (present === undefined) return { readable: false, missing: [], conflicting: [] };
  const missing: string[] = [];
  const conflicting: SearchAttributeCheck['conflicting'][number][] = [];
  for (const { name, type } of SEARCH_ATTRIBUTES) {
    const found = present[name];
    if (found === undefined || found === null) missing.push(name);
    else if (found !== TYPES[type].value) {
      conflicting.push({ name, expected: TYPES[type].spelling, found: spellingOf(found) });
    }
  }
  return { readable: true, missing, conflicting };
}

/**
 * Sees to it that the namespace knows the search attributes that runs set: without them the server
 * would refuse every run. Registers what is missing where the server allows it; returns the names.
 * Where the server lets this user not even read them, nothing is done.
 *
 * @throws ExportError SDE40-10 where somebody else has to register them (Temporal Cloud, or no
 *   rights), SDE40-11 where one is registered with another type.
 */
export async function ensureSearchAttributes(
  connection: Services,
  namespace: string,
): Promise<readonly string[]> {
  const { missing, conflicting } = await checkSearchAttributes(connection, namespace);
  if (conflicting.length > 0) throw conflict(namespace, conflicting);
  if (missing.length === 0) return [];
  await register(connection, namespace, missing);
  await untilRegistered(connection, namespace, missing);
  return missing;
}

async function register(
  { operatorService }: Services,
  namespace: string,
  names: readonly string[],
): Promise<void> {
  const searchAttributes = Object.fromEntries(
    SEARCH_ATTRIBUTES.filter(({ name }) => names.includes(name)).map(({ name, type }) => [
      name,
      TYPES[type].value,
    ]),
  );
  try {
    await operatorService.addSearchAttributes({ namespace, searchAttributes });
  } catch (cause) {
    // Another worker started at the same time.
    if (statusOf(cause) === ALREADY_EXISTS) return;
    throw notRegistered(namespace, names, cause);
  }
}

async function untilRegistered(
  connection: Services,
  namespace: string,
  names: readonly string[],
): Promise<void> {
  const end = performance.now() + APPEARS_WITHIN_MILLISECONDS;
  for (;;) {
    const { missing, conflicting } = await checkSearchAttributes(connection, namespace);
    if (conflicting.length > 0) throw conflict(namespace, conflicting);
    if (missing.length === 0) return;
    if (performance.now() > end) throw notRegistered(namespace, names, undefined);
    await sleep(100);
  }
}

/** The custom search attributes by name; undefined where they may not be read. */
async function registered(
  { operatorService, workflowService }: Services,
  namespace: string,
): Promise<Readonly<Record<string, number | null | undefined>> | undefined> {
  const readings = [
    async () => (await operatorService.listSearchAttributes({ namespace })).customAttributes,
    // For users without the operator's rights.
    async () => (await workflowService.getSearchAttributes({})).keys,
  ];
  for (const read of readings) {
    try {
      return await read();
    } catch (error) {
      if (!REFUSED.has(statusOf(error) ?? -1)) throw error;
    }
  }
  return undefined;
}

function notRegistered(namespace: string, names: readonly string[], cause: unknown): ExportError {
  return new ExportError('SDE40-10', {
    message: `The namespace ${namespace} lacks the search attributes ${names.join(', ')}, and they could not be registered.`,
    cure: `An operator of the server runs \`${temporalCommand(namespace, names)}\`; on Temporal Cloud \`${tcldCommand(namespace, names)}\`, or the namespace’s settings in its web page.`,
    ...(cause === undefined ? {} : { cause }),
  });
}

function conflict(
  namespace: string,
  conflicting: SearchAttributeCheck['conflicting'],
): ExportError {
  const parts = conflicting.map(
    ({ name, expected, found }) => `${name} is ${found} and has to be ${expected}`,
  );
  return new ExportError('SDE40-11', {
    message: `Search attributes of the namespace ${namespace} have another type: ${parts.join('; ')}.`,
  });
}

/** The command with which an operator of a self-hosted server registers them. */
export function temporalCommand(namespace: string, names: readonly string[]): string {
  const flags = described(names).map(({ name, spelling }) => `--name ${name} --type ${spelling}`);
  return `temporal operator search-attribute create --namespace ${namespace} ${flags.join(' ')}`;
}

/** The same for Temporal Cloud. */
export function tcldCommand(namespace: string, names: readonly string[]): string {
  const flags = described(names).map(({ name, spelling }) => `--sa "${name}=${spelling}"`);
  return `tcld namespace search-attributes add --namespace ${namespace} ${flags.join(' ')}`;
}

function described(
  names: readonly string[],
): { readonly name: string; readonly spelling: string }[] {
  return SEARCH_ATTRIBUTES.filter(({ name }) => names.includes(name)).map(({ name, type }) => ({
    name,
    spelling: TYPES[type].spelling,
  }));
}

function spellingOf(value: number): string {
  return (IndexedValueType[value] ?? String(value))
    .replace('INDEXED_VALUE_TYPE_', '')
    .toLowerCase()
    .replace(/(^|_)(\w)/g, (_, __, letter: string) => letter.toUpperCase());
}

function statusOf(error: unknown): number | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'number'
    ? error.code
    : undefined;
}
