import { importPKCS8, SignJWT } from 'jose';
import { createPrivateKey } from 'node:crypto';

import { ExportError } from '../errors/export-error.js';

/** A token is not used in its last minute, in which it could expire on the way. */
const SPARE_SECONDS = 60;

export interface SignerOptions {
  readonly clock: () => Date;
  /** The gateway refuses lifetimes above ten minutes. Default 300. */
  readonly lifetimeSeconds?: number;
  /** Beside `iat` and `exp`. Default none. */
  readonly claims?: Readonly<Record<string, string>>;
}

/** Makes the value of `x-gw-signature`. */
export interface Signer {
  signature(): Promise<string>;
}

/**
 * Signs with RS256; a token is used until a minute before it expires.
 *
 * @throws ExportError CDE02-01 when the key is no RSA private key in PEM form.
 */
export async function createSigner(
  privateKeyPem: string,
  { clock, lifetimeSeconds = 300, claims = {} }: SignerOptions,
): Promise<Signer> {
  const key = await importKey(privateKeyPem);
  let current: { readonly token: string; readonly usableUntil: number } | undefined;
  return {
    async signature() {
      const now = Math.floor(clock().getTime() / 1000);
      if (current === undefined || now >= current.usableUntil) {
        const token = await new SignJWT({ ...claims })
          .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
          .setIssuedAt(now)
          .setExpirationTime(now + lifetimeSeconds)
          .sign(key);
        current = { token, usableUntil: now + lifetimeSeconds - SPARE_SECONDS };
      }
      return current.token;
    },
  };
}

async function importKey(pem: string): Promise<Awaited<ReturnType<typeof importPKCS8>>> {
  try {
    // PKCS#1 keys (BEGIN RSA PRIVATE KEY) are common; jose takes PKCS#8 only.
    const pkcs8 = createPrivateKey(pem).export({ type: 'pkcs8', format: 'pem' });
    return await importPKCS8(pkcs8.toString(), 'RS256');
  } catch (cause) {
    throw new ExportError('CDE02-01', {
      message: 'The private key is not an RSA private key in PEM form.',
      cure: 'Check SERVICE_PRIVATE_KEY or SERVICE_PRIVATE_KEY_FILE.',
      cause,
    });
  }
}
