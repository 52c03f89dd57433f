import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';

import { InvalidValue, textOf, type RawValue, type SettingType } from './types.js';

/** An RSA private key in PEM; the value is PKCS #8, whichever form was given. */
export const privateKey: SettingType<string> = {
  label: 'RSA private key, PEM',
  parse(raw) {
    const pem = pemOf(raw, this.label);
    if (pem.includes('ENCRYPTED')) {
      throw new InvalidValue('must be a private key without a passphrase');
    }
    const key = rsaKey(() => createPrivateKey(pem), 'an RSA private key in PEM form');
    return key.export({ type: 'pkcs8', format: 'pem' }).toString();
  },
  show: (value) => value,
};

/** An RSA public key in PEM (a certificate or a private key gives it too); the value is SPKI. */
export const publicKey: SettingType<string> = {
  label: 'RSA public key, PEM',
  parse(raw) {
    const pem = pemOf(raw, this.label);
    const key = rsaKey(() => createPublicKey(pem), 'an RSA public key in PEM form');
    return key.export({ type: 'spki', format: 'pem' }).toString();
  },
  show: (value) => value.replaceAll('\n', '\\n').trim(),
};

// Variables often cannot hold line breaks, so `\n` stands for one.
function pemOf(raw: RawValue, label: string): string {
  return textOf(raw, label).replaceAll('\\n', '\n');
}

// OpenSSL's own message is left out: it says nothing to a person, and may repeat parts of the key.
function rsaKey(create: () => KeyObject, what: string): KeyObject {
  let key: KeyObject;
  try {
    key = create();
  } catch {
    throw new InvalidValue(`must be ${what}; it cannot be read as one`);
  }
  if (key.asymmetricKeyType !== 'rsa') {
    throw new InvalidValue(`must be ${what}, since requests are signed with RS256`);
  }
  return key;
}
