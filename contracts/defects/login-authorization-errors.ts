/** What a server can get wrong about telling a client that its authorization request is refused. */
import type { Defect, WireRequest } from '../broken-server.ts';
import {
  changeHeaders,
  changeRedirect,
  isAuth,
  leadsToClient,
  misread,
  misreadQuery,
  queryOf,
  redirectTo,
  refuseByRedirect,
} from './login-authorization-wire.ts';

const BAD_SCOPE = 'sidetone-no-such-scope';

const isTwice = (name: string) => (request: WireRequest) => isAuth(request) && queryOf(request).getAll(name).length > 1;
const hasTwice = (request: WireRequest) => {
  const names = [...queryOf(request).keys()];
  return isAuth(request) && new Set(names).size < names.length;
};

export const loginAuthorizationErrorDefects: Defect[] = [
  {
    title: 'a missing response_type means code',
    catches: ['sipgate.AUT-03'],
    request: misreadQuery(isAuth, (query) => {
      if (!query.has('response_type')) query.set('response_type', 'code');
    }),
  },
  {
    title: 'an unknown response_type means code',
    catches: ['sipgate.AUT-04a'],
    request: misread('response_type', (type) => (type === 'sidetone' ? 'code' : type)),
  },
  {
    title: 'of several response types the first counts',
    catches: ['sipgate.AUT-04e', 'sipgate.AUT-04f'],
    request: misread('response_type', (type) => type.split(' ')[0]),
  },
  {
    title: 'the case of response_type does not count',
    catches: ['sipgate.AUT-04b'],
    request: misread('response_type', (type) => type.toLowerCase()),
  },
  {
    title: 'what belongs into the fragment is told in the query',
    catches: ['sipgate.AUT-04c', 'sipgate.AUT-04d', 'sipgate.AUT-15c', 'sipgate.AUT-15e'],
    answer: ({ headers }) => {
      if (headers.location) headers.location = headers.location.replace('#', '?');
    },
  },
  {
    title: 'unknown scopes are left out of an authorization request',
    catches: ['sipgate.AUT-05a', 'sipgate.AUT-05b'],
    request: misread('scope', (scope) => scope.replace(/ ?sidetone\S*/, '') || undefined),
  },
  {
    title: 'the case of a scope does not count at the authorization endpoint',
    catches: ['sipgate.AUT-05c'],
    request: misread('scope', (scope) => scope.toLowerCase()),
  },
  {
    title: 'an empty scope counts as none',
    catches: ['sipgate.AUT-05d'],
    request: misread('scope', (scope) => scope || undefined),
  },
  {
    title: 'any number of spaces divides scopes',
    catches: ['sipgate.AUT-05e'],
    request: misread('scope', (scope) => scope.replace(/ +/g, ' ')),
  },
  {
    title: 'an unknown response_mode is ignored',
    catches: ['sipgate.AUT-15a'],
    request: misread('response_mode', (mode) => (mode === 'sidetone' ? undefined : mode)),
  },
  {
    title: 'response_mode=query is ignored beside a token',
    catches: ['sipgate.AUT-15b'],
    request: misread('response_mode', (mode) => (mode === 'query' ? undefined : mode)),
  },
  {
    title: 'authorization_details are ignored',
    catches: ['sipgate.AUT-22'],
    request: misread('authorization_details', () => undefined),
  },
  {
    title: 'an unknown code_challenge_method is plain',
    catches: ['sipgate.PKC-06a', 'sipgate.PKC-06e'],
    request: misread('code_challenge_method', (method) => (method === 'S256' ? method : 'plain')),
  },
  {
    title: 'a code_challenge_method without a challenge is ignored',
    catches: ['sipgate.PKC-06b'],
    request: misread('code_challenge_method', (method, query) => (query.has('code_challenge') ? method : undefined)),
  },
  {
    title: 'the length of a challenge does not count',
    catches: ['sipgate.PKC-06c'],
    request: misread('code_challenge', (challenge) => challenge.padEnd(43, 'a')),
  },
  {
    title: 'the characters of a challenge do not count',
    catches: ['sipgate.PKC-06d'],
    request: misread('code_challenge', (challenge) => challenge.replace(/[^\w.~-]/g, 'a')),
  },
  {
    title: 'prompt=none shows the login page',
    catches: ['sipgate.AUT-30'],
    request: misread('prompt', () => undefined),
  },
  {
    title: 'redirects to clients name no issuer',
    catches: ['sipgate.AUT-40a', 'sipgate.AUT-08b', 'sipgate.AUT-08c', 'sipgate.AUT-08d', 'sipgate.AUT-08f'],
    answer: changeRedirect((parameters) => {
      parameters.delete('iss');
      return parameters;
    }),
  },
  {
    title: 'redirects to clients name another issuer',
    catches: ['sipgate.AUT-08c', 'sipgate.AUT-08d'],
    answer: changeRedirect((parameters) => {
      parameters.set('iss', 'https://login.broken.example');
      return parameters;
    }),
  },
  {
    title: 'the parameters of a redirect stand in the order of their names',
    catches: ['sipgate.AUT-40a', 'sipgate.AUT-08b', 'sipgate.AUT-08f'],
    answer: changeRedirect((parameters) => {
      parameters.sort();
      return parameters;
    }),
  },
  {
    title: 'every refusal is described',
    catches: ['sipgate.AUT-40a', 'sipgate.AUT-40b', 'sipgate.AUT-72'],
    answer: changeRedirect((parameters) => {
      if (parameters.has('error')) parameters.set('error_description', 'broken');
      return parameters;
    }),
  },
  {
    title: 'a refusal may be stored by the browser',
    catches: ['sipgate.AUT-40c', 'sipgate.AUT-13'],
    answer: changeHeaders(leadsToClient, (headers) => {
      delete headers['cache-control'];
    }),
  },
  {
    title: 'a redirect tells the client where the browser came from',
    catches: ['sipgate.AUT-40c', 'sipgate.AUT-13'],
    answer: changeHeaders(leadsToClient, (headers) => {
      delete headers['referrer-policy'];
    }),
  },
  {
    title: 'a refusal sets a cookie',
    catches: ['sipgate.AUT-40c'],
    answer: (answer) => {
      if (leadsToClient(answer)) answer.cookies = ['sidetone=1; Path=/'];
    },
  },
  {
    title: 'of an authorization parameter sent twice the first one counts',
    catches: ['sipgate.AUT-06a', 'sipgate.AUT-06b', 'sipgate.AUT-16b'],
    request: misreadQuery(isAuth, (query) => {
      for (const name of new Set(query.keys())) query.set(name, query.get(name) ?? '');
    }),
  },
  {
    title: 'an unknown authorization parameter may stand twice',
    catches: ['sipgate.AUT-06a', 'sipgate.AUT-16b'],
    request: misreadQuery(isAuth, (query) => query.delete('sidetone')),
  },
  {
    title: 'of two redirect URIs the second is told',
    catches: ['sipgate.AUT-06b'],
    instead: (request) => {
      const uri = queryOf(request).getAll('redirect_uri').at(-1);
      return isTwice('redirect_uri')(request) ? redirectTo(`${uri}?error=invalid_request`) : undefined;
    },
  },
  {
    title: 'client_secret may not stand twice either',
    catches: ['sipgate.AUT-06c'],
    instead: refuseByRedirect(isTwice('client_secret'), 'invalid_request'),
  },
  {
    title: 'PKCE is looked at before the scope',
    catches: ['sipgate.AUT-16a'],
    request: misread('scope', (scope, query) => (query.has('code_challenge_method') ? undefined : scope)),
  },
  {
    title: 'the scope is looked at before response_mode',
    catches: ['sipgate.AUT-16a'],
    request: misread('response_mode', (mode, query) => (query.get('scope') === BAD_SCOPE ? undefined : mode)),
  },
  {
    title: 'response_mode is looked at before response_type',
    catches: ['sipgate.AUT-16a'],
    request: misread('response_type', (type, query) => (query.get('response_mode') === 'sidetone' ? 'code' : type)),
  },
  {
    title: 'a parameter sent twice is told before all else',
    catches: ['sipgate.AUT-16b'],
    instead: refuseByRedirect(hasTwice, 'invalid_request'),
  },
  {
    title: 'the scope is looked at before a parameter sent twice',
    catches: ['sipgate.AUT-16b'],
    request: misread('sidetone', (value, query) => (query.get('scope') === BAD_SCOPE ? undefined : value)),
  },
];
