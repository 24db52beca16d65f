/** Where the certificate comes from: files of one's own, or one made now with its authority in a file for clients. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../input-error.ts';

/** Files of one's own, in PEM. */
export interface CertificateFiles {
  certFile: string;
  keyFile: string;
}

export interface Certificate {
  key: string;
  cert: string;
  /** What clients are told to trust, where the certificate was made here. */
  authorityFile?: string;
  /** Takes the file away again. */
  discard(): void;
}

/** @param tls true: make one. Throws an InputError that names the file. */
export async function certificateFor(tls: true | CertificateFiles, host: string): Promise<Certificate> {
  if (tls !== true) {
    return { key: read('tls.keyFile', tls.keyFile), cert: read('tls.certFile', tls.certFile), discard: () => {} };
  }
  // Loaded here: hardly any start needs it.
  const { makeCertificate } = await import('./certificate.ts');
  const { key, cert, authority } = await makeCertificate(host);
  const folder = mkdtempSync(join(tmpdir(), 'sidetone-'));
  const authorityFile = join(folder, 'ca.pem');
  writeFileSync(authorityFile, authority);
  return { key, cert, authorityFile, discard: () => rmSync(folder, { recursive: true, force: true }) };
}

function read(member: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new InputError(`${member}: cannot read "${path}": ${(cause as NodeJS.ErrnoException).code}`, { cause });
  }
}
