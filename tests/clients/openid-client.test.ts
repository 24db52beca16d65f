/** Full flows with openid-client 6, which judges metadata, state, nonce, signatures and errors by its own rules. */
import * as openid from 'openid-client';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Mock, startMock } from '../../mock-server/index.ts';
import { demoUser, logIn, REDIRECT_URI, realmUrl } from '../login/flow.ts';
import { createVisitor, type Page, type Visitor } from '../login/visitor.ts';

let mock: Mock;
beforeAll(async () => {
  mock = await startMock();
});
beforeEach(() => mock.reset());
afterAll(() => mock.close());

const AUTHENTICATIONS: [string, (secret: string) => openid.ClientAuth][] = [
  ['client_secret_post', openid.ClientSecretPost],
  ['client_secret_basic', openid.ClientSecretBasic],
];

async function discover(
  authenticate: (secret: string) => openid.ClientAuth = openid.ClientSecretPost,
  secret = mock.credentials.sipgate.clientSecret ?? '',
): Promise<openid.Configuration> {
  const config = await openid.discovery(
    new URL(realmUrl(mock)),
    mock.credentials.sipgate.clientId ?? '',
    undefined,
    authenticate(secret),
    { execute: [openid.allowInsecureRequests, openid.enableNonRepudiationChecks] },
  );
  return config;
}

interface Begun {
  url: URL;
  checks: { pkceCodeVerifier: string; expectedState: string; expectedNonce: string; idTokenExpected: boolean };
}

async function begin(config: openid.Configuration, more: Record<string, string> = {}): Promise<Begun> {
  const verifier = openid.randomPKCECodeVerifier();
  const [expectedState, expectedNonce] = [openid.randomState(), openid.randomNonce()];
  const url = openid.buildAuthorizationUrl(config, {
    redirect_uri: REDIRECT_URI,
    scope: 'openid account:read',
    code_challenge: await openid.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state: expectedState,
    nonce: expectedNonce,
    ...more,
  });
  return { url, checks: { pkceCodeVerifier: verifier, expectedState, expectedNonce, idTokenExpected: true } };
}

const arrival = ({ leavesTo, html }: Page) => leavesTo ?? expect.fail(`no redirect: ${html}`);

async function tokensOf(config: openid.Configuration, visitor?: Visitor, more?: Record<string, string>) {
  const { url, checks } = await begin(config, more);
  return openid.authorizationCodeGrant(config, arrival(await logIn(mock, url.href, visitor)), checks);
}

/** The library's error for what the server refused. */
const refusal = (error: string, status: number, description?: string) =>
  expect.objectContaining({
    name: 'ResponseBodyError',
    status,
    error,
    ...(description !== undefined && { error_description: description }),
  });

test('discovery: issuer, PKCE and every endpoint that the library needs', async () => {
  const metadata = (await discover()).serverMetadata();
  expect(metadata.supportsPKCE()).toBe(true);
  expect(metadata.authorization_response_iss_parameter_supported).toBe(true);
  const endpoints = Object.entries(metadata).filter(([name]) => name.endsWith('_endpoint') || name === 'jwks_uri');
  expect(endpoints.map(([name]) => name).toSorted()).toEqual([
    'authorization_endpoint',
    'end_session_endpoint',
    'introspection_endpoint',
    'jwks_uri',
    'revocation_endpoint',
    'token_endpoint',
    'userinfo_endpoint',
  ]);
  expect(endpoints.every(([, url]) => String(url).startsWith(`${realmUrl(mock)}/protocol/`))).toBe(true);
});

describe.each(AUTHENTICATIONS)('authorization code with %s', (_name, authenticate) => {
  let config: openid.Configuration;
  beforeEach(async () => {
    config = await discover(authenticate);
  });

  test('PKCE, state, nonce and signature; userinfo; the REST API', async () => {
    const tokens = await tokensOf(config);
    const claims = tokens.claims() ?? expect.fail('no id token');
    expect([tokens.token_type, tokens.scope]).toEqual(['bearer', 'openid account:read']);
    expect(await openid.fetchUserInfo(config, tokens.access_token, claims.sub)).toEqual({ sub: claims.sub });
    const account = new URL(`${mock.sipgate.baseUrl}/account`);
    const answer = await openid.fetchProtectedResource(config, tokens.access_token, account, 'GET');
    expect([answer.status, await answer.json()]).toEqual([
      200,
      expect.objectContaining({ company: 'Müller & Söhne GmbH' }),
    ]);
  });

  test('refresh with rotation: the new token works, the old one ends the line', async () => {
    const first = await tokensOf(config);
    const second = await openid.refreshTokenGrant(config, first.refresh_token ?? '');
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect(second.claims()?.sub).toBe(first.claims()?.sub);
    const third = await openid.refreshTokenGrant(config, second.refresh_token ?? '', { scope: 'account:read' });
    expect(third.scope).toBe('account:read');
    await expect(openid.refreshTokenGrant(config, second.refresh_token ?? '')).rejects.toEqual(
      refusal('invalid_grant', 400),
    );
    await expect(openid.refreshTokenGrant(config, third.refresh_token ?? '')).rejects.toEqual(
      refusal('invalid_grant', 400),
    );
  });

  test('revocation: of the access token alone, then of the refresh token', async () => {
    const tokens = await tokensOf(config);
    await openid.tokenRevocation(config, tokens.access_token);
    await expect(openid.fetchUserInfo(config, tokens.access_token, openid.skipSubjectCheck)).rejects.toMatchObject({
      name: 'WWWAuthenticateChallengeError',
      status: 401,
      cause: [{ scheme: 'bearer', parameters: { realm: 'third-party', error: 'invalid_token' } }],
    });
    const next = await openid.refreshTokenGrant(config, tokens.refresh_token ?? '');
    await openid.tokenRevocation(config, next.refresh_token ?? '', { token_type_hint: 'refresh_token' });
    await expect(openid.refreshTokenGrant(config, next.refresh_token ?? '')).rejects.toEqual(
      refusal('invalid_grant', 400, 'Session not active'),
    );
    await expect(openid.tokenRevocation(config, 'nonsense')).resolves.toBeUndefined();
  });

  test('introspection', async () => {
    const tokens = await tokensOf(config);
    expect(await openid.tokenIntrospection(config, tokens.access_token)).toEqual({ active: false });
    mock.configure({ sipgate: { introspectionAudience: 'any' } });
    expect(await openid.tokenIntrospection(config, tokens.access_token)).toMatchObject({
      active: true,
      client_id: mock.credentials.sipgate.clientId,
      scope: 'openid account:read',
      sub: tokens.claims()?.sub,
    });
  });

  test('client credentials', async () => {
    const tokens = await openid.clientCredentialsGrant(config, { scope: 'balance:read' });
    expect([tokens.scope, tokens.refresh_token, tokens.expiresIn()]).toEqual([
      'balance:read',
      undefined,
      expect.closeTo(300, -1),
    ]);
    const balance = new URL(`${mock.sipgate.baseUrl}/balance`);
    expect((await openid.fetchProtectedResource(config, tokens.access_token, balance, 'GET')).status).toBe(200);
  });
});

test('password: a generic grant by the public client', async () => {
  const config = await openid.discovery(
    new URL(realmUrl(mock, 'sipgate-apps')),
    'sipgate-app-web',
    undefined,
    openid.None(),
    { execute: [openid.allowInsecureRequests] },
  );
  const tokens = await openid.genericGrantRequest(config, 'password', { ...demoUser(mock), scope: 'openid' });
  expect(await openid.fetchUserInfo(config, tokens.access_token, tokens.claims()?.sub ?? '')).toHaveProperty('sub');
  await expect(
    openid.genericGrantRequest(config, 'password', { ...demoUser(mock), password: 'wrong' }),
  ).rejects.toEqual(refusal('invalid_grant', 400, 'Invalid user credentials'));
});

test('offline_access: the session ends, the offline token does not', async () => {
  const [config, visitor] = [await discover(), createVisitor()];
  const tokens = await tokensOf(config, visitor, { scope: 'openid offline_access', prompt: 'consent' });
  await visitor.open(openid.buildEndSessionUrl(config, { id_token_hint: tokens.id_token ?? '' }).href);
  const next = await openid.refreshTokenGrant(config, tokens.refresh_token ?? '');
  expect(next.claims()?.sub).toBe(tokens.claims()?.sub);
});

test('logout URL: the session is over, the browser comes back with the state', async () => {
  const [config, visitor] = [await discover(), createVisitor()];
  const tokens = await tokensOf(config, visitor);
  const url = openid.buildEndSessionUrl(config, {
    id_token_hint: tokens.id_token ?? '',
    post_logout_redirect_uri: 'http://localhost:3000/bye',
    state: 's 1',
  });
  expect(arrival(await visitor.open(url.href)).href).toBe('http://localhost:3000/bye?state=s+1');
  await expect(openid.refreshTokenGrant(config, tokens.refresh_token ?? '')).rejects.toEqual(
    refusal('invalid_grant', 400, 'Session not active'),
  );
  const { url: again, checks } = await begin(config, { prompt: 'none' });
  await expect(
    openid.authorizationCodeGrant(config, arrival(await visitor.open(again.href)), checks),
  ).rejects.toMatchObject({ name: 'AuthorizationResponseError', error: 'login_required' });
});

test('response_mode=form_post: the posted form is a callback as well', async () => {
  const config = await discover();
  const { url, checks } = await begin(config, { response_mode: 'form_post' });
  const page = await logIn(mock, url.href);
  const fields = [...page.html.matchAll(/name="([^"]*)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [
    name,
    value,
  ]);
  const body = new URLSearchParams(fields);
  const callback = new Request(REDIRECT_URI, { method: 'POST', body });
  expect((await openid.authorizationCodeGrant(config, callback, checks)).claims()).toHaveProperty('sub');
});

test('sipgate.autoLogin: the same flow without a page', async () => {
  mock.configure({ sipgate: { autoLogin: demoUser(mock).username } });
  const config = await discover();
  const { url, checks } = await begin(config);
  const answer = await fetch(url, { redirect: 'manual' });
  const tokens = await openid.authorizationCodeGrant(config, new URL(answer.headers.get('location') ?? ''), checks);
  expect(tokens.claims()?.nonce).toBe(checks.expectedNonce);
});

describe('what goes wrong is told as the library expects it', () => {
  test('wrong secret', async () => {
    const config = await discover(openid.ClientSecretPost, 'wrong');
    await expect(openid.clientCredentialsGrant(config)).rejects.toEqual(refusal('unauthorized_client', 401));
  });
  test('replayed code', async () => {
    const config = await discover();
    const { url, checks } = await begin(config);
    const callback = arrival(await logIn(mock, url.href));
    const tokens = await openid.authorizationCodeGrant(config, callback, checks);
    await expect(openid.authorizationCodeGrant(config, callback, checks)).rejects.toEqual(
      refusal('invalid_grant', 400, 'Code not valid'),
    );
    await expect(openid.refreshTokenGrant(config, tokens.refresh_token ?? '')).rejects.toEqual(
      refusal('invalid_grant', 400),
    );
  });
  test('another verifier', async () => {
    const config = await discover();
    const { url, checks } = await begin(config);
    const callback = arrival(await logIn(mock, url.href));
    const other = { ...checks, pkceCodeVerifier: openid.randomPKCECodeVerifier() };
    await expect(openid.authorizationCodeGrant(config, callback, other)).rejects.toEqual(
      refusal('invalid_grant', 400, 'PKCE verification failed: Code mismatch'),
    );
  });
  test('denied consent', async () => {
    const config = await discover();
    const { url, checks } = await begin(config);
    const visitor = createVisitor();
    const consent = await visitor.submit(await visitor.open(url.href), demoUser(mock));
    const denied = await visitor.submit(consent, { cancel: 'No' });
    await expect(openid.authorizationCodeGrant(config, arrival(denied), checks)).rejects.toMatchObject({
      name: 'AuthorizationResponseError',
      error: 'access_denied',
    });
  });
  test('a scope that nobody has', async () => {
    const config = await discover();
    const { url, checks } = await begin(config, { scope: 'openid zzz' });
    const page = await createVisitor().open(url.href);
    await expect(openid.authorizationCodeGrant(config, arrival(page), checks)).rejects.toMatchObject({
      name: 'AuthorizationResponseError',
      error: 'invalid_scope',
      error_description: 'Invalid scopes: openid zzz',
    });
  });
  test('a changed state and a changed nonce', async () => {
    const config = await discover();
    const { url, checks } = await begin(config);
    const callback = arrival(await logIn(mock, url.href));
    await expect(
      openid.authorizationCodeGrant(config, callback, { ...checks, expectedState: 'another' }),
    ).rejects.toMatchObject({ cause: { message: expect.stringMatching(/"state"/) } });
    await expect(
      openid.authorizationCodeGrant(config, callback, { ...checks, expectedNonce: 'another' }),
    ).rejects.toMatchObject({ code: 'OAUTH_JWT_CLAIM_COMPARISON_FAILED' });
  });
  test('the issuer of another realm', async () => {
    const config = await discover();
    const { url, checks } = await begin(config);
    const callback = arrival(await logIn(mock, url.href));
    callback.searchParams.set('iss', realmUrl(mock, 'sipgate-apps'));
    await expect(openid.authorizationCodeGrant(config, callback, checks)).rejects.toMatchObject({
      cause: { message: expect.stringMatching(/"iss"/) },
    });
  });
});
