/** Keys that sign tokens. Made once per process half: an RSA key takes some 150 ms, so nobody waits for it who needs none. */
import { createHash, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

export interface SigningKey {
  privateKey: KeyObject;
  publicKey: KeyObject;
  /** Base64url SHA-256 of the public key's DER form. */
  thumbprint: string;
}

export interface Keys {
  /** RSA, 2048 bits. The same key each time. */
  rsa(): Promise<SigningKey>;
}

export function createKeys(): Keys {
  let made: Promise<SigningKey> | undefined;
  return {
    rsa: () => {
      made ??= makeRsaKey();
      return made;
    },
  };
}

async function makeRsaKey(): Promise<SigningKey> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  const der = publicKey.export({ type: 'spki', format: 'der' });
  return { privateKey, publicKey, thumbprint: createHash('sha256').update(der).digest('base64url') };
}
