/** JavaScript clients as people write them: axios after the vendor's example, and fetch after SIPSIM's. Our own programs. */
import axios, { AxiosError } from 'axios';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Mock, startMock } from '../mock-server/index.ts';

let mock: Mock;
beforeAll(async () => {
  mock = await startMock();
});
afterAll(() => mock.close());

async function askByAxios({
  id = mock.credentials.sipgate.tokenId,
  token = mock.credentials.sipgate.token,
  endpoint = '/account',
  method = 'GET',
  encode = true,
} = {}) {
  const pair = `${id}:${token}`;
  const credentials = encode ? Buffer.from(pair).toString('base64') : pair;
  const headers = {
    Accept: 'application/json',
    'Content-Type': 'application/json',
    Authorization: `Basic ${credentials}`,
  };
  try {
    const { status, data } = await axios(`${mock.sipgate.baseUrl}${endpoint}`, { method, headers, proxy: false });
    return { status, data };
  } catch (error) {
    if (error instanceof AxiosError) return { status: error.response?.status, message: error.message };
    throw error;
  }
}

describe('a personal access token with axios', () => {
  test('gets the account', async () => {
    expect(await askByAxios()).toMatchObject({ status: 200, data: { company: 'Müller & Söhne GmbH', verified: true } });
  });
  test.each([
    ['a wrong token', { token: 'wrong' }, 401],
    ['a wrong token id', { id: 'token-XXXXXX' }, 401],
    ['credentials that are not Base64-encoded', { encode: false }, 401],
    ['a wrong endpoint', { endpoint: '/acount' }, 404],
    ['a wrong method', { method: 'POST' }, 405],
  ])('%s', async (_what, change, status) => {
    expect(await askByAxios(change)).toEqual({ status, message: `Request failed with status code ${status}` });
  });
});

test("fetch with SIPSIM's token page: token, then account", async () => {
  const { clientId = '', clientSecret = '' } = mock.credentials.sipsim;
  const scope = 'account.read calls.read phones.read';
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
    scope,
  });
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const answer = await fetch(mock.sipsim.tokenUrl, { method: 'POST', headers, body });
  const tokens = (await answer.json()) as Record<string, unknown>;
  expect(Object.keys(tokens)).toEqual(['access_token', 'token_type', 'expires_in', 'scope', 'created_at']);
  expect(tokens).toMatchObject({ token_type: 'Bearer', expires_in: 7200, scope });
  const account = await fetch(`${mock.sipsim.baseUrl}/account`, {
    headers: { Authorization: `Bearer ${tokens.access_token}` },
  });
  expect(await account.json()).toMatchObject({ status: 200, data: { id: 12345, company_name: 'Müller & Söhne GmbH' } });
});
