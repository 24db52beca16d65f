/** What a server can get wrong about the logins of a client that is changed or deleted. */
import type { Defect } from '../broken-server.ts';
import { isAuthenticate } from './login-authorization-wire.ts';
import { invalidGrant, isAccount, isClient, isExchange } from './login-code-wire.ts';
import { bearerOf, changeError, isLoginToken } from './token-wire.ts';

export const loginCodeClientDefects: Defect[] = [
  {
    title: 'PUT of redirect URIs takes effect later',
    catches: ['sipgate.ACG-14a', 'sipgate.ACG-14b'],
    request: (request) => {
      if (request.method !== 'PUT' || !isClient(request)) return;
      const body = JSON.parse(request.body) as Record<string, unknown>;
      request.body = JSON.stringify({ ...body, redirectUris: ['https://sidetone.example/callback'] });
    },
  },
  {
    title: 'PUT of redirect URIs adds them to those before',
    catches: ['sipgate.ACG-14b'],
    request: (request) => {
      if (request.method !== 'PUT' || !isClient(request)) return;
      const body = JSON.parse(request.body) as { redirectUris: string[] };
      body.redirectUris.push('https://sidetone.example/callback');
      request.body = JSON.stringify(body);
    },
  },
  {
    title: 'PUT of a client ends its codes',
    catches: ['sipgate.ACG-14c'],
    ...endCodes('PUT'),
  },
  {
    title: 'a deleted client lives on at the login server',
    catches: ['sipgate.ACG-15a', 'sipgate.ACG-15b'],
    instead: (request) =>
      request.method === 'DELETE' && isClient(request) ? { status: 202, headers: {}, body: '' } : undefined,
  },
  {
    title: 'the access tokens of a deleted client live on',
    catches: ['sipgate.ACG-15a'],
    answer: (answer, request) => {
      if (isAccount(request) && answer.status === 401 && bearerOf(request) !== '') answer.status = 200;
    },
  },
  {
    title: "a deleted client's login page is shown again",
    catches: ['sipgate.ACG-15b'],
    answer: (answer, request) => {
      if (isAuthenticate(request) && answer.status === 400) answer.status = 200;
    },
  },
  {
    title: 'a code of a deleted client is invalid_grant',
    catches: ['sipgate.ACG-15b'],
    answer: changeError(isLoginToken, 'invalid_client', (body) => {
      body.error = 'invalid_grant';
    }),
  },
];

function endCodes(method: string): Pick<Defect, 'instead'> {
  let changed = false;
  return {
    instead: (request) => {
      changed ||= request.method === method && isClient(request);
      return changed && isExchange(request) ? invalidGrant() : undefined;
    },
  };
}
