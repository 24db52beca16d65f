/** A certificate made at the start, and the authority that vouches for it: for clients that insist on https. */
// Its package registers its parts by decorators, which need this.
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import type { Authority } from './issued.ts';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY = 86_400_000;

export async function createAuthority(): Promise<Authority> {
  const authorityKeys = await makeKeys(false);
  // Browsers take no certificate that lives longer than 398 days.
  const life = { notBefore: new Date(Date.now() - DAY), notAfter: new Date(Date.now() + 397 * DAY) };
  const authority = await X509CertificateGenerator.createSelfSigned({
    ...{ name: 'CN=Sidetone certificate authority', keys: authorityKeys, signingAlgorithm: ALGORITHM, ...life },
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(authorityKeys.publicKey),
    ],
  });
  const issue = async (names: string[]) => {
    const keys = await makeKeys(true);
    const certificate = await X509CertificateGenerator.create({
      ...{ subject: 'CN=Sidetone', issuer: authority.subject, publicKey: keys.publicKey },
      ...{ signingKey: authorityKeys.privateKey, signingAlgorithm: ALGORITHM, ...life },
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
        new SubjectAlternativeNameExtension(names.map(alternative)),
        await SubjectKeyIdentifierExtension.create(keys.publicKey),
        await AuthorityKeyIdentifierExtension.create(authorityKeys.publicKey),
      ],
    });
    return { key: await pemOf(keys.privateKey), cert: chain(certificate, authority) };
  };
  return { pem: chain(authority), issue };
}

/** @param host name or address that the fake listens on, beside loopback's. */
export function loopbackNames(host: string): string[] {
  const names = new Set(['localhost', '*.localhost', '127.0.0.1', '::1', host]);
  for (const everywhere of ['0.0.0.0', '::']) names.delete(everywhere);
  return [...names];
}

const makeKeys = (extractable: boolean) => webcrypto.subtle.generateKey(ALGORITHM, extractable, ['sign', 'verify']);
const chain = (...certificates: X509Certificate[]) => certificates.map((one) => `${one.toString('pem')}\n`).join('');

const alternative = (value: string) => ({ type: isIP(value) === 0 ? ('dns' as const) : ('ip' as const), value });

async function pemOf(key: webcrypto.CryptoKey): Promise<string> {
  const text = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key)).toString('base64');
  return `-----BEGIN PRIVATE KEY-----\n${text.replace(/.{64}/g, '$&\n').trimEnd()}\n-----END PRIVATE KEY-----\n`;
}
