/** Reset, and the whole state taken out and put back. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Mock, startMock } from '../mock-server/index.ts';
import { bearer, demoPat } from './support/ask.ts';

let mock: Mock;
beforeAll(async () => {
  mock = await startMock({ randomSeed: 1 });
});
beforeEach(() => mock.reset());
afterAll(() => mock.close());

const control = (method: string, path: string, body?: unknown) =>
  fetch(`${mock.adminUrl}${path}`, {
    ...{ method, headers: { 'content-type': 'application/json' } },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
const createClient = async (at: Mock) => {
  const body = JSON.stringify({ name: 'n', description: 'd', redirectUris: [], webOrigins: [] });
  const headers = { authorization: demoPat(at), 'content-type': 'application/json' };
  const url = `${at.sipgate.baseUrl}/authorization/oauth2/clients`;
  return (await (await fetch(url, { method: 'POST', headers, body })).json()) as { clientId: string };
};
const hasClient = async (at: Mock, { clientId }: { clientId: string }) => {
  const url = `${at.sipgate.baseUrl}/authorization/oauth2/clients/${encodeURIComponent(clientId)}`;
  return (await fetch(url, { headers: { authorization: demoPat(at) } })).status === 200;
};
const accountStatus = async (at: Mock, provider: 'sipgate' | 'sipsim', token: string) =>
  (await fetch(`${at[provider].baseUrl}/account`, { headers: { authorization: bearer(token) } })).status;

test('a reset takes less than 5 ms', async () => {
  const times: number[] = [];
  for (let round = 0; round < 50; round += 1) {
    await createClient(mock);
    mock.fail({ delay: 1 });
    const before = performance.now();
    await mock.reset();
    times.push(performance.now() - before);
  }
  expect(times.sort((one, other) => one - other)[25]).toBeLessThan(5);
  expect(mock.requests()).toEqual([]);
  expect(mock.faults()).toEqual([]);
});

describe('a saved state', () => {
  test('brings back what was there, its tokens living, and nothing that came later', async () => {
    const kept = await createClient(mock);
    const [sipgate, sipsim] = [await mock.mintToken('sipgate'), await mock.mintToken('sipsim')];
    const revoked = await mock.mintToken('sipgate');
    await mock.revokeToken(revoked.accessToken);
    mock.clock.freeze('2030-01-01T00:00:00Z');
    const later = await mock.mintToken('sipgate');
    mock.configure({ sipgate: { errorBody: 'errors' } });
    mock.fail({ id: 'f', match: { path: '/v2/balance' }, answer: { status: 503 }, every: 2 });
    const state = await (await control('GET', '/state')).json();

    await mock.reset();
    // The sequence of ids begins again with a reset: the first one would have the same.
    await createClient(mock);
    const tooLate = await createClient(mock);
    expect(await accountStatus(mock, 'sipgate', later.accessToken)).toBe(401);
    expect((await control('PUT', '/state', state)).status).toBe(204);

    expect([await hasClient(mock, kept), await hasClient(mock, tooLate)]).toEqual([true, false]);
    expect(mock.clock.state()).toMatchObject({ now: '2030-01-01T00:00:00.000Z', frozen: true });
    expect(mock.settings.sipgate.errorBody).toBe('errors');
    expect(mock.faults()).toMatchObject([{ id: 'f', every: 2, met: 0 }]);
    expect(await accountStatus(mock, 'sipgate', later.accessToken)).toBe(200);
    mock.clock.reset();
    expect(await accountStatus(mock, 'sipgate', sipgate.accessToken)).toBe(200);
    expect(await accountStatus(mock, 'sipsim', sipsim.accessToken)).toBe(200);
    expect(await accountStatus(mock, 'sipgate', revoked.accessToken)).toBe(401);
  });
  test('goes on with the same ids', async () => {
    await createClient(mock);
    const state = await mock.saveState();
    const next = await createClient(mock);
    await mock.restoreState(state);
    expect(await createClient(mock)).toEqual(next);
  });
  test('lives on in another process: in another mock, as text', async () => {
    const client = await createClient(mock);
    const { accessToken } = await mock.mintToken('sipgate');
    await using other = await startMock();
    expect(await accountStatus(other, 'sipgate', accessToken)).toBe(401);
    await other.restoreState(JSON.parse(JSON.stringify(await mock.saveState())));
    expect(await hasClient(other, client)).toBe(true);
    expect(await accountStatus(other, 'sipgate', accessToken)).toBe(200);
    await other.reset();
    expect(await accountStatus(other, 'sipgate', accessToken)).toBe(401);
  });
  test('of one namespace can be put into another', async () => {
    const [one, two] = [await mock.namespace('one'), await mock.namespace('two')];
    one.clock.advance('1d');
    await two.restoreState(await one.saveState());
    expect(two.clock.now() - Date.now()).toBeGreaterThan(86_000_000);
    expect(Math.abs(mock.clock.now() - Date.now())).toBeLessThan(60_000);
  });
  test.each([
    [{}, 'the state must be one that GET /__admin/state gave'],
    [{ sidetoneState: 1 }, 'state.clock is missing'],
    [{ signingKey: 'x' }, 'state.signingKey is no private key'],
    [{ store: [{ collection: 'a' }] }, 'state.store is missing or not as it was saved'],
    [{ settings: { sipgate: { nonsense: 1 } } }, 'settings.sipgate.nonsense is no setting'],
  ])('%j is refused, and nothing is changed', async (change, message) => {
    const client = await createClient(mock);
    const good = await mock.saveState();
    const state = Object.keys(change).length === 0 || 'sidetoneState' in change ? change : { ...good, ...change };
    const answer = await control('PUT', '/state', state);
    expect([answer.status, ((await answer.json()) as { error: string }).error]).toEqual([
      400,
      expect.stringContaining(message),
    ]);
    expect(await hasClient(mock, client)).toBe(true);
  });
});

describe('another seed while it runs', () => {
  const pat = (id: string, token = 'x-y-z', scopes = ['all']) => ({ id, token, user: 'w0', scopes });
  test('changes what differs, in every namespace, and leaves what was issued', async () => {
    await using at = await startMock({ seed: { sipgate: { personalAccessTokens: [pat('token-A'), pat('token-B')] } } });
    const one = await at.namespace('one');
    const client = await createClient(at);
    const { accessToken } = await at.mintToken('sipgate');
    const next = [pat('token-A', 'changed'), pat('token-C')];
    expect(await at.reseed({ sipgate: { account: { company: 'New' }, personalAccessTokens: next } })).toEqual([
      'sipgate.accounts: own changed',
      'sipgate.personalAccessTokens: token-A changed',
      'sipgate.personalAccessTokens: token-C added',
      'sipgate.personalAccessTokens: token-B removed',
    ]);
    for (const { sipgate } of [at, one]) {
      const status = async (id: string, token: string) =>
        (await fetch(`${sipgate.baseUrl}/account`, { headers: { authorization: `Basic ${btoa(`${id}:${token}`)}` } }))
          .status;
      expect([await status('token-A', 'x-y-z'), await status('token-A', 'changed')]).toEqual([401, 200]);
      expect([await status('token-B', 'x-y-z'), await status('token-C', 'x-y-z')]).toEqual([401, 200]);
    }
    expect(await accountStatus(at, 'sipgate', accessToken)).toBe(200);
    expect(
      await hasClient(
        { ...at, credentials: { ...at.credentials, sipgate: { tokenId: 'token-C', token: 'x-y-z' } } },
        client,
      ),
    ).toBe(true);
    await at.reset();
    expect(await accountStatus(at, 'sipgate', accessToken)).toBe(401);
    const company = async () => {
      const headers = { authorization: `Basic ${btoa('token-C:x-y-z')}` };
      return ((await (await fetch(`${at.sipgate.baseUrl}/account`, { headers })).json()) as { company: string })
        .company;
    };
    expect(await company()).toBe('New');
  });
  test('of the same content changes nothing; a bad one is refused', async () => {
    expect(await mock.reseed({})).toEqual([]);
    await expect(mock.reseed({ sipgat: {} } as never)).rejects.toThrow('seed.sipgat is unknown');
    await expect(mock.reseed({ sipgate: { personalAccessTokens: [{ ...pat('a'), user: 'w9' }] } })).rejects.toThrow(
      'w9',
    );
  });
});
