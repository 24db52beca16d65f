/** Where certificates come from: files of one's own, or an authority made now, which clients find in a file. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../input-error.ts';
import type { Authority, ServerCertificate } from './issued.ts';

/** Files of one's own, in PEM. */
export interface CertificateFiles {
  certFile: string;
  keyFile: string;
}

export interface PublishedAuthority extends Authority {
  /** PEM, the public part alone. */
  file: string;
  /** The fake's own certificate. @param host that it listens on. */
  issueFor(host: string): Promise<ServerCertificate>;
  /** Takes the file away again. */
  discard(): void;
}

/** Throws an InputError that names the file. */
export const readCertificate = ({ certFile, keyFile }: CertificateFiles): ServerCertificate => ({
  key: read('tls.keyFile', keyFile),
  cert: read('tls.certFile', certFile),
});

export async function publishAuthority(): Promise<PublishedAuthority> {
  // Loaded here: hardly any start needs it.
  const { createAuthority, loopbackNames } = await import('./certificate.ts');
  const authority = await createAuthority();
  const folder = mkdtempSync(join(tmpdir(), 'sidetone-'));
  const file = join(folder, 'ca.pem');
  writeFileSync(file, authority.pem);
  return {
    ...authority,
    file,
    issueFor: (host) => authority.issue(loopbackNames(host)),
    discard: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function read(member: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new InputError(`${member}: cannot read "${path}": ${(cause as NodeJS.ErrnoException).code}`, { cause });
  }
}
