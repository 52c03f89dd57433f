import { generateKeyPair, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { freePort } from './servers/ports.js';

const generate = promisify(generateKeyPair);

/** What stays the same when a kept sandbox is started again. */
export interface SandboxIdentity {
  readonly environmentId: string;
  readonly apiKey: string;
  /** The state is bound to the service's URL, so its port stays. */
  readonly ingestionPort: number;
  readonly privateKeyFile: string;
  readonly publicKeyFile: string;
}

/** Reads the identity of a kept sandbox, or makes one. */
export async function sandboxIdentity(directory: string): Promise<SandboxIdentity> {
  const file = join(directory, 'sandbox.json');
  if (existsSync(file)) return JSON.parse(await readFile(file, 'utf8')) as SandboxIdentity;
  await mkdir(directory, { recursive: true });
  const { publicKey, privateKey } = await generate('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const identity: SandboxIdentity = {
    environmentId: randomUUID(),
    apiKey: randomUUID(),
    ingestionPort: await freePort(),
    privateKeyFile: join(directory, 'private-key.pem'),
    publicKeyFile: join(directory, 'public-key.pem'),
  };
  await writeFile(identity.privateKeyFile, privateKey, { mode: 0o600 });
  await writeFile(identity.publicKeyFile, publicKey);
  await writeFile(file, `${JSON.stringify(identity, null, 2)}\n`, { mode: 0o600 });
  return identity;
}
