/** The vendor's Python examples make these calls: personal access token, and SIPSIM's cached token. Programs of our own. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Mock, startMock } from '../../mock-server/index.ts';
import { pythonWithRequests, run } from './support.ts';

let mock: Mock;
let python: string;
beforeAll(async () => {
  python = pythonWithRequests();
  mock = await startMock();
}, 180_000);
beforeEach(() => mock.reset());
afterAll(() => mock.close());

const runPython = (program: string, more: Record<string, string> = {}) =>
  run(python, ['-'], program, { ...mock.environment, ...more });

const PERSONAL_ACCESS_TOKEN = `
import base64, os, requests
pair = (os.environ['SIPGATE_TOKEN_ID'] + ':' + os.environ['SIPGATE_TOKEN']).encode('utf-8')
encoded = base64.b64encode(pair).decode('utf-8')
if os.environ.get('PLAIN'):
    encoded = pair.decode('utf-8')
url = os.environ['SIPGATE_BASE_URL'] + os.environ.get('ENDPOINT', '/account')
method = os.environ.get('METHOD', 'GET')
answer = requests.request(method, url, headers={'Authorization': 'Basic ' + encoded})
print(answer.status_code)
print(answer.content.decode('utf-8'))
`;

describe('a personal access token with requests', () => {
  test('prints the account', async () => {
    const { stdout, stderr } = await runPython(PERSONAL_ACCESS_TOKEN);
    expect(stderr).toBe('');
    const [status, body = ''] = stdout.split('\n');
    expect([status, JSON.parse(body).company]).toEqual(['200', 'Müller & Söhne GmbH']);
  });
  test.each([
    ['a wrong token', { SIPGATE_TOKEN: 'wrong' }, '401'],
    ['a wrong token id', { SIPGATE_TOKEN_ID: 'token-XXXXXX' }, '401'],
    ['credentials that are not Base64-encoded', { PLAIN: '1' }, '401'],
    ['a wrong endpoint', { ENDPOINT: '/acount' }, '404'],
    ['a wrong method', { METHOD: 'POST' }, '405'],
  ])('%s', async (_what, more, status) => {
    expect((await runPython(PERSONAL_ACCESS_TOKEN, more)).stdout.split('\n')[0]).toBe(status);
  });
});

const SIPSIM_CLIENT = `
import os, time, requests

class Client:
    def __init__(self):
        self.token, self.expires, self.asked = None, 0, 0

    def access_token(self, now):
        if self.token and now < self.expires - 60:
            return self.token
        answer = requests.post(os.environ['SIPSIM_TOKEN_URL'], data={
            'grant_type': 'client_credentials',
            'client_id': os.environ['SIPSIM_CLIENT_ID'],
            'client_secret': os.environ['SIPSIM_CLIENT_SECRET'],
            'scope': 'account.read calls.read phones.read',
        })
        tokens = answer.json()
        self.token, self.expires, self.asked = tokens['access_token'], now + tokens['expires_in'], self.asked + 1
        return self.token

    def get(self, path, now):
        headers = {'Authorization': f'Bearer {self.access_token(now)}'}
        return requests.get(os.environ['SIPSIM_BASE_URL'] + path, headers=headers)

client = Client()
start = time.time()
print(client.get('/account', start).json()['data']['company_name'])
client.get('/account', start + 7000)
print('asked', client.asked)
print(client.get('/account', start + 7200).status_code, 'asked', client.asked)
`;

test("SIPSIM's token is cached, and asked for again when it expires", async () => {
  const { stdout, stderr } = await runPython(SIPSIM_CLIENT);
  expect(stderr).toBe('');
  expect(stdout).toBe('Müller & Söhne GmbH\nasked 1\n200 asked 2\n');
});

test('a scope that the integration may not have is invalid_scope', async () => {
  const program = `
import os, requests
answer = requests.post(os.environ['SIPSIM_TOKEN_URL'], data={'grant_type': 'client_credentials',
    'client_id': os.environ['SIPSIM_CLIENT_ID'], 'client_secret': os.environ['SIPSIM_CLIENT_SECRET'], 'scope': 'fax.send'})
print(answer.status_code, answer.json()['error'])
`;
  expect((await runPython(program)).stdout).toBe('400 invalid_scope\n');
});
