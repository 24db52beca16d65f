/** Full flows with simple-oauth2, which many older Node programs use. */
import { AuthorizationCode, ClientCredentials, type Options, ResourceOwnerPassword } from 'simple-oauth2';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Mock, startMock } from '../../mock-server/index.ts';
import { accountStatus, callbackOf, demoUser, logIn, pkce, REDIRECT_URI } from '../login/flow.ts';
import { createVisitor } from '../login/visitor.ts';

let mock: Mock;
beforeAll(async () => {
  mock = await startMock();
});
beforeEach(() => mock.reset());
afterAll(() => mock.close());

const ENDPOINTS = '/auth/realms/third-party/protocol/openid-connect';

function optionsFor(authorizationMethod: 'header' | 'body', secret = mock.credentials.sipgate.clientSecret): Options {
  return {
    client: { id: mock.credentials.sipgate.clientId ?? '', secret: secret ?? '' },
    auth: { tokenHost: mock.url, tokenPath: `${ENDPOINTS}/token`, revokePath: `${ENDPOINTS}/revoke` },
    options: { authorizationMethod },
  };
}

function codeClient(authorizationMethod: 'header' | 'body'): AuthorizationCode {
  const options = optionsFor(authorizationMethod);
  return new AuthorizationCode({ ...options, auth: { ...options.auth, authorizePath: `${ENDPOINTS}/auth` } });
}

/** The library's error: an HTTP status, and the body that came with it. */
const refusal = (status: number, error: string, description: string) =>
  expect.objectContaining({
    output: expect.objectContaining({ statusCode: status }),
    data: expect.objectContaining({ payload: { error, error_description: description } }),
  });

describe.each(['header', 'body'] as const)('credentials in the %s', (method) => {
  const begin = (client: AuthorizationCode, more: Record<string, string> = {}) =>
    client.authorizeURL({
      redirect_uri: REDIRECT_URI,
      scope: ['account:read', 'balance:read'],
      state: 'st +&',
      ...more,
    });

  test('code, refresh with rotation, revocation', async () => {
    const client = codeClient(method);
    const { verifier, challenge } = pkce();
    const url = begin(client, { code_challenge: challenge, code_challenge_method: 'S256' });
    const { code = '', state } = callbackOf(await logIn(mock, url));
    expect(state).toBe('st +&');
    const first = await client.getToken({ code, redirect_uri: REDIRECT_URI, code_verifier: verifier });
    expect([first.token.scope, first.token.token_type, first.expired()]).toEqual([
      'account:read balance:read',
      'Bearer',
      false,
    ]);
    expect(await accountStatus(mock, first.token.access_token)).toBe(200);

    const second = await first.refresh();
    expect(second.token.refresh_token).not.toBe(first.token.refresh_token);
    const narrower = await second.refresh({ scope: 'balance:read' });
    expect(await accountStatus(mock, narrower.token.access_token)).toBe(403);

    // The library takes no answer but JSON here, and RFC 7009 §2.2 promises none; Keycloak's is empty.
    await expect(narrower.revoke('access_token')).rejects.toThrow('The content-type is not JSON compatible');
    await narrower.revoke('refresh_token', { json: true });
    await expect(narrower.refresh()).rejects.toEqual(refusal(400, 'invalid_grant', 'Session not active'));
  });

  test('a replayed code and a reused refresh token', async () => {
    const client = codeClient(method);
    const { code = '' } = callbackOf(await logIn(mock, begin(client)));
    const tokens = await client.getToken({ code, redirect_uri: REDIRECT_URI });
    await tokens.refresh();
    await expect(tokens.refresh()).rejects.toEqual(
      refusal(400, 'invalid_grant', 'Maximum allowed refresh token reuse exceeded'),
    );
    await expect(client.getToken({ code, redirect_uri: REDIRECT_URI })).rejects.toEqual(
      refusal(400, 'invalid_grant', 'Code not valid'),
    );
  });

  test('client credentials, right and wrong', async () => {
    const tokens = await new ClientCredentials(optionsFor(method)).getToken({ scope: 'account:read' });
    expect(await accountStatus(mock, tokens.token.access_token)).toBe(200);
    await expect(new ClientCredentials(optionsFor(method, 'wrong')).getToken({})).rejects.toEqual(
      refusal(401, 'unauthorized_client', 'Invalid client or Invalid client credentials'),
    );
  });
});

test('Basic that is not percent-encoded: the percent sign of the secret cannot be decoded', async () => {
  const options = { ...optionsFor('header'), options: { credentialsEncodingMode: 'loose' as const } };
  await expect(new ClientCredentials(options).getToken({})).rejects.toEqual(
    refusal(400, 'unauthorized_client', 'Unexpected error when authenticating client'),
  );
});

test('denied consent', async () => {
  const client = codeClient('body');
  const visitor = createVisitor();
  const login = await visitor.open(
    client.authorizeURL({ redirect_uri: REDIRECT_URI, scope: 'account:read', state: 's' }),
  );
  const consent = await visitor.submit(login, demoUser(mock));
  expect(callbackOf(await visitor.submit(consent, { cancel: 'No' }))).toMatchObject({
    error: 'access_denied',
    state: 's',
  });
});

test('password, at the address that api.sipgate.com has', async () => {
  const options: Options = {
    client: { id: 'sipgate-app-web', secret: '' },
    auth: { tokenHost: mock.url, tokenPath: '/login/sipgate-apps/protocol/openid-connect/token' },
    options: { authorizationMethod: 'body' },
  };
  const client = new ResourceOwnerPassword(options);
  const tokens = await client.getToken(demoUser(mock));
  expect(await accountStatus(mock, tokens.token.access_token)).toBe(200);
  expect(await accountStatus(mock, (await tokens.refresh()).token.access_token)).toBe(200);
  await expect(client.getToken({ ...demoUser(mock), password: 'wrong' })).rejects.toEqual(
    refusal(400, 'invalid_grant', 'Invalid user credentials'),
  );
});
