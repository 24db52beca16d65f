/** The login server: every endpoint of a realm. */
import type { Keys } from '../../keys.ts';
import type { Operation } from '../../provider.ts';
import type { SipgateState } from '../state.ts';
import { createAccessTokens } from './access-tokens.ts';
import { createAuthorizationEndpoint } from './browser/authorization.ts';
import { createLoginActions } from './browser/login-actions.ts';
import { createLogout } from './browser/logout.ts';
import { createCerts } from './certs.ts';
import { createDiscovery } from './discovery.ts';
import { createIntrospection } from './introspection.ts';
import type { LoginServer } from './login-server.ts';
import { createRevocation } from './revocation.ts';
import { createSignatures } from './signatures.ts';
import { createTokenEndpoint } from './token.ts';
import { createTokens } from './tokens.ts';
import { createUserinfo } from './userinfo.ts';

export function createLoginServer(state: SipgateState, keys: Keys): LoginServer {
  const signatures = createSignatures(state, keys);
  return {
    state,
    signatures,
    tokens: createTokens(state, signatures),
    accessTokens: createAccessTokens(state, signatures),
  };
}

export function createLoginOperations(server: LoginServer, keys: Keys): Record<string, Operation> {
  const token = createTokenEndpoint(server);
  const authorization = createAuthorizationEndpoint(server);
  const userinfo = createUserinfo(server);
  return {
    'sipgate.authorize': authorization,
    'sipgate.authorizeByForm': authorization,
    'sipgate.createToken': token,
    'sipgate.createTokenByAlias': token,
    'sipgate.getCerts': createCerts(keys, server.signatures),
    'sipgate.getOpenIdConfiguration': createDiscovery(server),
    'sipgate.getLoginUserinfo': userinfo,
    'sipgate.getLoginUserinfoByForm': userinfo,
    'sipgate.revoke': createRevocation(server),
    'sipgate.introspect': createIntrospection(server),
    ...createLoginActions(server),
    ...createLogout(server),
  };
}
