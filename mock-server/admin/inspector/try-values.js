/** Values for the fields of an operation: what the document has no example of, from who exists. */
import { scopesOf } from './document.js';

/** By the name of the parameter or form field. */
export async function fillIn(operation, credentials, app) {
  const { path, operationId } = operation;
  const provider = path.startsWith('/oauth') ? 'sipsim' : 'sipgate';
  const client = credentials.find(
    (one) =>
      one.provider === provider && one.kind === 'client' && one.secret && one.grants.includes('client_credentials'),
  );
  const shared = { client_id: client?.id, client_secret: client?.secret, realm: client?.realm };
  if (/createToken/.test(operationId)) {
    const scope = client?.scopes.find((one) => /^account[.:]read$/.test(one)) ?? client?.scopes[0];
    return { ...shared, grant_type: 'client_credentials', scope };
  }
  if (/introspect|revoke/i.test(operationId)) {
    // A token is told about to its own client alone.
    const { accessToken } = await app.api.ask('POST', '/tokens', { provider, client: client?.id });
    return { ...shared, token: accessToken };
  }
  if (/authorize/i.test(operationId)) {
    const browser = credentials.find(({ grants }) => grants.includes('authorization_code'));
    return {
      client_id: browser?.id,
      realm: browser?.realm,
      redirect_uri: location.origin + location.pathname,
      response_type: 'code',
      scope: 'openid account:read',
      state: 'xyz',
    };
  }
  return { realm: client?.realm ?? 'third-party', access_token: undefined };
}

/** Scopes that a token must have to get in; the login server's userinfo wants one that no security scheme names. */
export const scopesToAsk = (operation) =>
  /userinfo/.test(operation.path) && operation.path.startsWith('/auth')
    ? ['openid']
    : scopesOf(operation).filter((scope) => scope !== 'all');
