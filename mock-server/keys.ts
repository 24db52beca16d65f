/** Keys that sign tokens. Made once per process half: an RSA key takes some 150 ms, so nobody waits for it who needs none. */
import { createHash, createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
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
  /** The private key as PEM (PKCS #8). */
  save(): Promise<string>;
  /** From now on this key. Throws what Node throws for a text that is none. */
  restore(pem: string): void;
}

/** The same key for the same seed. */
export const seededKeys = (bytes: (count: number) => Buffer): Keys =>
  createKeys(async () => {
    const { seededPrivateKey } = await import('./seeded-key.ts');
    return signingKey(await seededPrivateKey(bytes));
  });

/** @param source where the key comes from when it is first asked for. */
export function createKeys(source: () => Promise<SigningKey> = makeRsaKey): Keys {
  let made: Promise<SigningKey> | undefined;
  const rsa = () => {
    made ??= source();
    return made;
  };
  return {
    rsa,
    save: async () => (await rsa()).privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    restore: (pem) => {
      made = Promise.resolve(signingKey(createPrivateKey(pem)));
    },
  };
}

async function makeRsaKey(): Promise<SigningKey> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  return signingKey(privateKey);
}

function signingKey(privateKey: KeyObject): SigningKey {
  const publicKey = createPublicKey(privateKey);
  const der = publicKey.export({ type: 'spki', format: 'der' });
  return { privateKey, publicKey, thumbprint: createHash('sha256').update(der).digest('base64url') };
}
