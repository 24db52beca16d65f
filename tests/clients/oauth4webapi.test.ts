/** Full flows with oauth4webapi: each step sent and judged by itself. */
import * as oauth from 'oauth4webapi';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Mock, startMock } from '../../mock-server/index.ts';
import { demoUser, logIn, REDIRECT_URI, realmUrl } from '../login/flow.ts';
import { createVisitor, type Page, type Visitor } from '../login/visitor.ts';

let mock: Mock;
let server: oauth.AuthorizationServer;
beforeAll(async () => {
  mock = await startMock();
});
beforeEach(async () => {
  await mock.reset();
  // The library keeps a server's keys with this object.
  server = await discover('third-party');
});
afterAll(() => mock.close());

const HTTP = { [oauth.allowInsecureRequests]: true };

async function discover(realm: string): Promise<oauth.AuthorizationServer> {
  const issuer = new URL(realmUrl(mock, realm));
  return oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { ...HTTP, algorithm: 'oidc' }));
}

const client = (): oauth.Client => ({ client_id: mock.credentials.sipgate.clientId ?? '' });
const secret = () => mock.credentials.sipgate.clientSecret ?? '';
const arrival = ({ leavesTo, html }: Page) => leavesTo ?? expect.fail(`no redirect: ${html}`);

interface Begun {
  url: string;
  verifier: string;
  state: string;
  nonce: string;
}

async function begin(more: Record<string, string> = {}): Promise<Begun> {
  const verifier = oauth.generateRandomCodeVerifier();
  const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()];
  const query = new URLSearchParams({
    client_id: client().client_id,
    redirect_uri: REDIRECT_URI,
    response_type: 'code',
    scope: 'openid account:read offline_access',
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    ...more,
  });
  return { url: `${server.authorization_endpoint}?${query}`, verifier, state, nonce };
}

async function exchange(callback: URL, { verifier, state, nonce }: Begun, authenticate: oauth.ClientAuth) {
  const parameters = oauth.validateAuthResponse(server, client(), callback, state);
  const answer = await oauth.authorizationCodeGrantRequest(
    server,
    client(),
    authenticate,
    parameters,
    REDIRECT_URI,
    verifier,
    HTTP,
  );
  const options = { expectedNonce: nonce, requireIdToken: true };
  const tokens = await oauth.processAuthorizationCodeResponse(server, client(), answer, options);
  await oauth.validateApplicationLevelSignature(server, answer, HTTP);
  return tokens;
}

async function wholeFlow(authenticate: oauth.ClientAuth, visitor?: Visitor) {
  const begun = await begin();
  return exchange(arrival(await logIn(mock, begun.url, visitor)), begun, authenticate);
}

async function refresh(token: string | undefined, authenticate: oauth.ClientAuth) {
  const answer = await oauth.refreshTokenGrantRequest(server, client(), authenticate, token ?? '', HTTP);
  return oauth.processRefreshTokenResponse(server, client(), answer);
}

const refusal = (error: string, status: number, description: string) =>
  expect.objectContaining({ code: oauth.RESPONSE_BODY_ERROR, error, status, error_description: description });

describe.each([
  ['client_secret_basic', (value: string) => oauth.ClientSecretBasic(value)],
  ['client_secret_post', (value: string) => oauth.ClientSecretPost(value)],
])('%s', (_name, authenticateBy) => {
  test('discovery, code, signature, userinfo, refresh, introspection, revocation', async () => {
    const authenticate = authenticateBy(secret());
    const first = await wholeFlow(authenticate);
    const claims = oauth.getValidatedIdTokenClaims(first) ?? expect.fail('no id token');
    expect(claims).toMatchObject({ iss: realmUrl(mock), aud: client().client_id, azp: client().client_id });

    const answer = await oauth.userInfoRequest(server, client(), first.access_token, HTTP);
    expect(await oauth.processUserInfoResponse(server, client(), claims.sub, answer)).toEqual({ sub: claims.sub });

    const second = await refresh(first.refresh_token, authenticate);
    expect(oauth.getValidatedIdTokenClaims(second)?.sub).toBe(claims.sub);

    mock.configure({ sipgate: { introspectionAudience: 'any' } });
    const introspect = async (token: string) =>
      oauth.processIntrospectionResponse(
        server,
        client(),
        await oauth.introspectionRequest(server, client(), authenticate, token, HTTP),
      );
    expect(await introspect(second.access_token)).toMatchObject({ active: true, sub: claims.sub });

    const revoked = await oauth.revocationRequest(server, client(), authenticate, second.refresh_token ?? '', HTTP);
    expect(await oauth.processRevocationResponse(revoked)).toBeUndefined();
    expect(await introspect(second.access_token)).toEqual({ active: false });
    await expect(refresh(second.refresh_token, authenticate)).rejects.toEqual(
      refusal('invalid_grant', 400, 'Offline user session not found'),
    );
  });

  test('client credentials', async () => {
    const parameters = { scope: 'account:read' };
    const answer = await oauth.clientCredentialsGrantRequest(
      server,
      client(),
      authenticateBy(secret()),
      parameters,
      HTTP,
    );
    const tokens = await oauth.processClientCredentialsResponse(server, client(), answer);
    const url = new URL(`${mock.sipgate.baseUrl}/account`);
    const account = await oauth.protectedResourceRequest(tokens.access_token, 'GET', url, undefined, undefined, HTTP);
    expect(account.status).toBe(200);
  });

  test('a wrong secret', async () => {
    const wrong = authenticateBy(`${secret()}x`);
    const answer = await oauth.clientCredentialsGrantRequest(server, client(), wrong, {}, HTTP);
    await expect(oauth.processClientCredentialsResponse(server, client(), answer)).rejects.toEqual(
      refusal('unauthorized_client', 401, 'Invalid client or Invalid client credentials'),
    );
  });
});

test('password, with the public client of the other realm', async () => {
  const apps = await discover('sipgate-apps');
  const publicClient = { client_id: 'sipgate-app-web' };
  const ask = (password: string) =>
    oauth.genericTokenEndpointRequest(
      apps,
      publicClient,
      oauth.None(),
      'password',
      { ...demoUser(mock), password, scope: 'openid' },
      HTTP,
    );
  const good = await ask(demoUser(mock).password);
  const tokens = await oauth.processGenericTokenEndpointResponse(apps, publicClient, good);
  expect(oauth.getValidatedIdTokenClaims(tokens)).toMatchObject({ iss: realmUrl(mock, 'sipgate-apps') });
  await expect(oauth.processGenericTokenEndpointResponse(apps, publicClient, await ask('wrong'))).rejects.toEqual(
    refusal('invalid_grant', 400, 'Invalid user credentials'),
  );
});

test('a replayed code takes its tokens with it', async () => {
  const authenticate = oauth.ClientSecretPost(secret());
  const begun = await begin({ scope: 'openid account:read' });
  const callback = arrival(await logIn(mock, begun.url));
  const tokens = await exchange(callback, begun, authenticate);
  await expect(exchange(callback, begun, authenticate)).rejects.toEqual(
    refusal('invalid_grant', 400, 'Code not valid'),
  );
  const answer = await oauth.userInfoRequest(server, client(), tokens.access_token, HTTP);
  await expect(oauth.processUserInfoResponse(server, client(), oauth.skipSubjectCheck, answer)).rejects.toMatchObject({
    code: oauth.WWW_AUTHENTICATE_CHALLENGE,
    status: 401,
  });
});

test('denied consent is an error of the authorization response', async () => {
  const begun = await begin();
  const visitor = createVisitor();
  const consent = await visitor.submit(await visitor.open(begun.url), demoUser(mock));
  const callback = arrival(await visitor.submit(consent, { cancel: 'No' }));
  expect(() => oauth.validateAuthResponse(server, client(), callback, begun.state)).toThrow(
    expect.objectContaining({ code: oauth.AUTHORIZATION_RESPONSE_ERROR, error: 'access_denied' }),
  );
});

test('the RFC 7636 challenge of a client without openid: nopkce and no id token', async () => {
  const { state } = await begin();
  const query = new URLSearchParams({
    client_id: client().client_id,
    redirect_uri: REDIRECT_URI,
    response_type: 'code',
    scope: 'account:read',
    state,
  });
  const page = await logIn(mock, `${server.authorization_endpoint}?${query}`);
  const parameters = oauth.validateAuthResponse(server, client(), arrival(page), state);
  const answer = await oauth.authorizationCodeGrantRequest(
    server,
    client(),
    oauth.ClientSecretPost(secret()),
    parameters,
    REDIRECT_URI,
    oauth.nopkce,
    HTTP,
  );
  const tokens = await oauth.processAuthorizationCodeResponse(server, client(), answer);
  expect([tokens.scope, tokens.id_token]).toEqual(['account:read', undefined]);
});
