/** GET …/protocol/openid-connect/certs: the realm's public key (RFC 7517). */
import type { Keys } from '../../keys.ts';
import type { Operation } from '../../provider.ts';
import { publicHeaders } from './discovery.ts';
import { realmOf } from './realm.ts';
import type { Signatures } from './signatures.ts';

export function createCerts(keys: Keys, signatures: Signatures): Operation {
  return async (request) => {
    const realm = realmOf(request);
    const { publicKey } = await keys.rsa();
    const { kty, n, e } = publicKey.export({ format: 'jwk' });
    const key = { kid: await signatures.keyId(realm), kty, alg: 'RS256', use: 'sig', n, e };
    return { status: 200, headers: publicHeaders(request, 'no-cache'), body: { keys: [key] } };
  };
}
