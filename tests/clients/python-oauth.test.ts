/** Full flows with Python's libraries, in the programs beside this file: they log in by filling in the real forms. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startMock } from '../../mock-server/index.ts';
import { pythonWithRequests, run } from './support.ts';

const programs = join(import.meta.dirname, 'programs');

async function seenBy(program: string): Promise<Record<string, unknown>> {
  await using mock = await startMock();
  const environment = { ...mock.environment, PYTHONPATH: programs, PYTHONDONTWRITEBYTECODE: '1' };
  // The libraries refuse plain http unless they are told that it is meant.
  const plainHttp = { OAUTHLIB_INSECURE_TRANSPORT: '1', AUTHLIB_INSECURE_TRANSPORT: '1' };
  const text = readFileSync(join(programs, program), 'utf8');
  const { code, stdout, stderr } = await run(pythonWithRequests(), ['-'], text, { ...environment, ...plainHttp });
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout);
}

test('requests-oauthlib', async () => {
  expect(await seenBy('requests_oauthlib_flow.py')).toEqual({
    token: ['Bearer', ['openid', 'account:read'], true, 300],
    account: 'Müller & Söhne GmbH',
    userinfo: ['sub'],
    rotated: true,
    reused: ['InvalidGrantError', 'invalid_grant', 'Maximum allowed refresh token reuse exceeded'],
    'after reuse': 401,
    replayed: ['InvalidGrantError', 'invalid_grant', 'Code not valid'],
    denied: ['AccessDeniedError', 'access_denied', expect.anything()],
    'wrong secret': ['UnauthorizedClientError', 'unauthorized_client', 'Invalid client or Invalid client credentials'],
    'wrong state': ['MismatchingStateError', 'mismatching_state', expect.any(String)],
    'service by form': [200, 403],
    'service by Basic': [200, 403],
    'service by bare Basic': [
      'UnauthorizedClientError',
      'unauthorized_client',
      'Unexpected error when authenticating client',
    ],
    password: 200,
    'wrong password': ['InvalidGrantError', 'invalid_grant', 'Invalid user credentials'],
    auto: 200,
  });
});

test('Authlib', async () => {
  const flow = {
    subject: true,
    account: 'Müller & Söhne GmbH',
    rotated: true,
    introspection: true,
    revoked: [200, '', 401],
    service: 200,
  };
  expect(await seenBy('authlib_flow.py')).toEqual({
    client_secret_post: flow,
    client_secret_basic: flow,
    replayed: ['invalid_grant', 'Code not valid'],
    'refreshed after a replay': ['invalid_grant', "Session doesn't have required client"],
    denied: ['access_denied'],
    'wrong secret': ['unauthorized_client', 'Invalid client or Invalid client credentials'],
    password: 200,
  });
});
