/** A trust store as Java reads it: certificates are in no other file that it takes. */
import { createHash } from 'node:crypto';

/** Java's own default; it guards nothing here, where all is public. */
export const STORE_PASSWORD = 'changeit';

/**
 * The format JKS, which every Java reads: https://docs.oracle.com/javase/8/docs/technotes/guides/security/ and
 * sun.security.provider.JavaKeyStore.
 * @param certificates PEM.
 */
export function javaTrustStore(certificates: string[]): Buffer {
  const entries = certificates.map((pem, index) => {
    const bytes = derOf(pem);
    return Buffer.concat([
      number(TRUSTED),
      text(`sidetone-${index}`),
      CREATED,
      text('X.509'),
      number(bytes.length),
      bytes,
    ]);
  });
  const store = Buffer.concat([number(0xfeedfeed), number(2), number(entries.length), ...entries]);
  const password = Buffer.from(STORE_PASSWORD, 'utf16le').swap16();
  const digest = createHash('sha1').update(password).update('Mighty Aphrodite').update(store).digest();
  return Buffer.concat([store, digest]);
}

const TRUSTED = 2;
/** Milliseconds since 1970, which nobody reads. */
const CREATED = Buffer.alloc(8);

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([number(bytes.length).subarray(2), bytes]);
}

const derOf = (pem: string) => Buffer.from(pem.replace(/-----[A-Z ]+-----|\s/g, ''), 'base64');
