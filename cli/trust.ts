/** Files by which programs trust the fake's authority, beside those that they trusted before. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tls from 'node:tls';
import { javaTrustStore } from './java-trust-store.ts';

export interface Trust {
  /** PEM: all that is trusted. */
  bundle: string;
  /** PEM: what Node trusts beside its own. */
  added: string;
  java: string;
  /** Takes the files away again. */
  discard(): void;
}

/** Variables that name a file in the place of what programs would trust else; Node's alone adds to it. */
export const BUNDLES = ['SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE', 'GIT_SSL_CAINFO'];
export const ADDED = 'NODE_EXTRA_CA_CERTS';

/** @param authority PEM. Of the user's own files, one that cannot be read is left out, as its programs would have it. */
export function publishTrust(authority: string, environment: NodeJS.ProcessEnv): Trust {
  const folder = mkdtempSync(join(tmpdir(), 'sidetone-exec-'));
  const write = (name: string, content: string | Buffer) => {
    const file = join(folder, name);
    writeFileSync(file, content);
    return file;
  };
  const ours = certificatesOf(authority);
  const own = [...BUNDLES, ADDED].flatMap((name) => certificatesIn(environment[name]));
  const all = [...new Set([...ours, ...own, ...machineCertificates()])];
  return {
    bundle: write('bundle.pem', `${all.join('\n')}\n`),
    added: write('node.pem', `${[...ours, ...certificatesIn(environment[ADDED])].join('\n')}\n`),
    java: write('java.jks', javaTrustStore(all)),
    discard: () => rmSync(folder, { recursive: true, force: true }),
  };
}

const certificatesOf = (pem: string) => pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];

function certificatesIn(file: string | undefined): string[] {
  try {
    return file ? certificatesOf(readFileSync(file, 'utf8')) : [];
  } catch {
    return [];
  }
}

/** What the machine trusts, as far as this Node can tell; Mozilla's else. */
function machineCertificates(): readonly string[] {
  const system = 'getCACertificates' in tls ? tls.getCACertificates('system') : [];
  return system.length > 0 ? system.map((pem) => pem.trim()) : tls.rootCertificates;
}
