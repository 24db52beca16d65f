/** The setting `sipgate.keycloakVersion`: what Keycloak changed over the years, each change on both sides of its version. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Mock, startMock } from '../../mock-server/index.ts';
import { codeFor, demoClient, demoUser, endpoint, exchange, outcome, post, tokensFor } from './flow.ts';

const VERSIONS = [8, 9, 12, 20, 26] as const;
type Version = (typeof VERSIONS)[number];

let mock: Mock;
beforeAll(async () => {
  mock = await startMock();
});
afterAll(() => mock.close());

const REFUSED = 'Invalid client or Invalid client credentials';
const token = (form: Record<string, string>, realm?: string) => post(endpoint(mock, 'token', realm), form);
const service = { grant_type: 'client_credentials' };
const direct = () => ({ grant_type: 'password', client_id: 'sipgate-app-web', ...demoUser(mock) });

/** @param since first version with the new answer */
const drifts: { what: string; since: Version; before: unknown; now: unknown; ask: () => Promise<unknown> }[] = [
  {
    what: 'token_type of a service account',
    since: 12,
    before: 'bearer',
    now: 'Bearer',
    ask: async () => (await token({ ...service, ...demoClient(mock) })).body.token_type,
  },
  {
    what: 'token_type of a code exchange',
    since: 12,
    before: 'bearer',
    now: 'Bearer',
    ask: async () => (await exchange(mock, await codeFor(mock))).body.token_type,
  },
  {
    what: 'a wrong secret',
    since: 9,
    before: [400, 'unauthorized_client', REFUSED],
    now: [401, 'unauthorized_client', REFUSED],
    ask: async () => outcome(await token({ ...service, ...demoClient(mock), client_secret: 'wrong' })),
  },
  {
    what: 'a missing secret',
    since: 9,
    before: [400, 'unauthorized_client', REFUSED],
    now: [401, 'unauthorized_client', REFUSED],
    ask: async () => outcome(await token({ ...service, client_id: demoClient(mock).client_id })),
  },
  {
    what: 'an unknown client',
    since: 20,
    before: [400, 'invalid_client', REFUSED],
    now: [401, 'invalid_client', REFUSED],
    ask: async () => outcome(await token({ ...service, client_id: 'nobody', client_secret: 'x' })),
  },
  {
    what: 'a missing client_id',
    since: 26,
    before: [400, 'invalid_client', REFUSED],
    now: [401, 'invalid_client', REFUSED],
    ask: async () => outcome(await token(service)),
  },
  {
    what: 'a wrong password',
    since: 26,
    before: [401, 'invalid_grant', 'Invalid user credentials'],
    now: [400, 'invalid_grant', 'Invalid user credentials'],
    ask: async () => outcome(await token({ ...direct(), password: 'wrong' }, 'sipgate-apps')),
  },
  {
    what: 'an unknown user',
    since: 26,
    before: [401, 'invalid_grant', 'Invalid user credentials'],
    now: [400, 'invalid_grant', 'Invalid user credentials'],
    ask: async () => outcome(await token({ ...direct(), username: 'nobody@sidetone.example' }, 'sipgate-apps')),
  },
];

describe.each(VERSIONS)('Keycloak %i', (version) => {
  beforeAll(() => mock.configure({ sipgate: { keycloakVersion: version } }));

  test.each(drifts)('$what', async ({ since, before, now, ask }) => {
    expect(await ask()).toEqual(version < since ? before : now);
  });

  test('tokens are as good as ever', async () => {
    const { access_token: accessToken, id_token: idToken } = await tokensFor(mock, { scope: 'openid account:read' });
    const headers = { authorization: `Bearer ${accessToken}` };
    expect((await fetch(endpoint(mock, 'userinfo'), { headers })).status).toBe(200);
    expect(idToken).toEqual(expect.any(String));
  });
});

test('a version that begins no change is refused by name', () => {
  expect(() => mock.configure({ sipgate: { keycloakVersion: 17 as Version } })).toThrow(
    'settings.sipgate.keycloakVersion must be one of 8, 9, 12, 20, 26, not 17',
  );
});
