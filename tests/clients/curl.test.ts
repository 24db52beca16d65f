/** The five curl calls of the vendor's page on third-party clients, in its order, with only the host changed. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { startMock } from '../../mock-server/index.ts';

const curl = async (...args: string[]) => {
  const { stdout } = await promisify(execFile)('curl', ['--silent', '--write-out', '\n%{http_code}', ...args]);
  const [body = '', status = ''] = [
    stdout.slice(0, stdout.lastIndexOf('\n')),
    stdout.slice(stdout.lastIndexOf('\n') + 1),
  ];
  return { status: Number(status), body: body === '' ? undefined : JSON.parse(body) };
};

test('log in, create, list, read, update, delete', async () => {
  await using mock = await startMock();
  const { username, password } = mock.credentials.sipgate;
  const login = await curl(
    '--request',
    'POST',
    '--header',
    'Content-Type: application/x-www-form-urlencoded',
    '--header',
    'Accept: application/json',
    '--data-urlencode',
    'client_id=sipgate-app-web',
    '--data-urlencode',
    'grant_type=password',
    '--data-urlencode',
    `username=${username}`,
    '--data-urlencode',
    `password=${password}`,
    `${mock.url}/login/sipgate-apps/protocol/openid-connect/token`,
  );
  expect([login.status, login.body.token_type]).toEqual([200, 'Bearer']);
  const authorization = ['--header', `Authorization: Bearer ${login.body.access_token}`];
  const json = ['--header', 'Content-Type: application/json'];
  const clients = `${mock.sipgate.baseUrl}/authorization/oauth2/clients`;
  const input = {
    name: 'Example name',
    description: 'Example description',
    redirectUris: ['https://*.example.com/*'],
    webOrigins: ['https://*.example.com'],
  };

  const created = await curl(
    '--request',
    'POST',
    ...json,
    ...authorization,
    '--url',
    clients,
    '--data',
    JSON.stringify(input),
  );
  expect([created.status, created.body]).toEqual([200, expect.objectContaining(input)]);
  const one = `${clients}/${encodeURIComponent(created.body.clientId)}`;

  const list = await curl('--request', 'GET', ...authorization, '--url', clients);
  expect([list.status, list.body.data.map(({ clientId }: { clientId: string }) => clientId)]).toEqual([
    200,
    expect.arrayContaining([created.body.clientId]),
  ]);

  const read = await curl('--request', 'GET', ...authorization, '--url', one);
  expect([read.status, read.body]).toEqual([200, created.body]);

  const changed = { ...input, name: 'Another name' };
  const updated = await curl(
    '--request',
    'PUT',
    ...json,
    ...authorization,
    '--url',
    one,
    '--data',
    JSON.stringify(changed),
  );
  expect([updated.status, updated.body]).toEqual([200, { ...created.body, ...changed }]);

  expect(await curl('--request', 'DELETE', ...authorization, '--url', one)).toEqual({ status: 202, body: undefined });
  expect((await curl('--request', 'GET', ...authorization, '--url', one)).status).toBe(404);
});

test('the short form: token, account and client from one origin with one client', async () => {
  await using mock = await startMock();
  const { clientId, clientSecret } = mock.credentials.sipgate;
  const token = await curl(
    '--data-urlencode',
    'grant_type=client_credentials',
    '--data-urlencode',
    `client_id=${clientId}`,
    '--data-urlencode',
    `client_secret=${clientSecret}`,
    '--data-urlencode',
    'scope=account:read authorization:oauth2:clients:write authorization:oauth2:clients:read',
    `${mock.url}/oauth/token`,
  );
  expect(token.status).toBe(200);
  const authorization = ['--header', `Authorization: Bearer ${token.body.access_token}`];
  expect((await curl(...authorization, `${mock.url}/account`)).body).toMatchObject({ company: 'Müller & Söhne GmbH' });
  expect((await curl(...authorization, `${mock.url}/authorization/oauth2/clients`)).body.data).toHaveLength(1);
});
