/** What a server can get wrong about the exchange of a code: for whom it is good, how long, and for what. */
import type { Defect, WireRequest } from '../broken-server.ts';
import { codeIn, invalidGrant, isAccount, isExchange, refuseExchange } from './login-code-wire.ts';
import { pairOf } from './sipgate-wire.ts';
import { changeError, changeSuccess, formOf, lacks, misreadForm } from './token-wire.ts';

const isAlias = ({ path }: WireRequest) => path.startsWith('/login/');

export const loginCodeDefects: Defect[] = [
  {
    title: "a code's token opens nothing",
    catches: ['sipgate.ACG-01a'],
    answer: (answer, request) => {
      if (isAccount(request) && answer.status === 200) answer.status = 403;
    },
  },
  {
    title: 'a code gets no refresh token',
    catches: ['sipgate.ACG-01b', 'sipgate.ACG-19'],
    answer: changeSuccess(isExchange, ({ refresh_token: _, ...body }) => body),
  },
  {
    title: 'the refresh token of a code lives half an hour',
    catches: ['sipgate.ACG-19'],
    answer: changeSuccess(isExchange, (body) => ({ ...body, refresh_expires_in: 1800 })),
  },
  {
    title: 'a code wants the secret in the form',
    catches: ['sipgate.ACG-01c'],
    instead: refuseExchange((request) => pairOf(request) !== ''),
  },
  {
    title: 'every exchange wants a secret',
    catches: ['sipgate.ACG-01d', 'sipgate.PKC-10'],
    instead: refuseExchange((request) => lacks('client_secret')(request) && pairOf(request) === ''),
  },
  {
    title: 'the alias knows no codes',
    catches: ['sipgate.ACG-01e'],
    instead: refuseExchange(isAlias),
  },
  {
    title: 'redirect_uri is not looked at in an exchange',
    catches: ['sipgate.ACG-02a', 'sipgate.ACG-02b', 'sipgate.ACG-08a'],
    ...knowRedirectUris(),
  },
  {
    title: 'redirect_uri is wanted in every exchange',
    catches: ['sipgate.ACG-02c'],
    instead: refuseExchange(lacks('redirect_uri')),
  },
  {
    title: 'whatever is wrong with a code is forgiven',
    catches: [
      'ACG-02a',
      'ACG-02b',
      'ACG-03a',
      'ACG-03c',
      'ACG-04',
      'ACG-05',
      'ACG-06b',
      'ACG-07',
      'ACG-08a',
      'ACG-08b',
    ].map((id) => `sipgate.${id}`),
    answer: changeError(isExchange, 'invalid_grant', (_, answer) => {
      answer.status = 200;
    }),
  },
  {
    title: 'a code is good for every client',
    catches: ['sipgate.ACG-04', 'sipgate.ACG-08b'],
    answer: changeError(isExchange, 'invalid_grant', (body, answer) => {
      if (String(body.error_description).includes('client')) answer.status = 200;
    }),
  },
  {
    title: 'a code lives half a minute',
    catches: ['sipgate.ACG-05'],
    ...liveHalf(),
  },
  {
    title: 'a missing code is invalid_grant',
    catches: ['sipgate.ACG-06a', 'sipgate.ACG-16'],
    instead: refuseExchange(lacks('code')),
  },
  {
    title: 'the beginning of a code may be another one',
    catches: ['sipgate.ACG-06b'],
    ...knowCodes(),
  },
  {
    title: 'an exchange begins a session of its own',
    catches: ['sipgate.ACG-12', 'sipgate.ACG-10e'],
    answer: changeSuccess(isExchange, (body) => ({ ...body, session_state: 'other' })),
  },
  {
    title: 'an exchange can ask for more scopes',
    catches: ['sipgate.ACG-13'],
    answer: changeSuccess(isExchange, (body, request) => ({
      ...body,
      scope: formOf(request).get('scope') ?? body.scope,
    })),
  },
  {
    title: 'every refused exchange is described alike',
    catches: ['sipgate.ACG-16', 'sipgate.PKC-09'],
    answer: changeError(isExchange, 'invalid_grant', (body) => {
      body.error_description = 'Code not valid';
    }),
  },
  {
    title: 'a code is good in every realm',
    catches: ['sipgate.ACG-17'],
    request: (request) => {
      if (isExchange(request)) request.path = request.path.replace('sipgate-apps', 'third-party');
    },
  },
  {
    title: 'a new code takes the place of the one before',
    catches: ['sipgate.ACG-18'],
    ...keepNewest(),
  },
];

/** Puts the redirect URI that a code was sent to into every exchange of it. */
function knowRedirectUris(): Pick<Defect, 'request' | 'answer'> {
  const uris = new Map<string, string>();
  return {
    request: misreadForm(isExchange, (form) => {
      const uri = uris.get(form.get('code') ?? '');
      if (uri !== undefined) form.set('redirect_uri', uri);
    }),
    answer: (answer) => {
      const code = codeIn(answer);
      if (code !== undefined) uris.set(code, answer.headers.location?.split(/[?#]/)[0] ?? '');
    },
  };
}

/** Takes a code that nobody knows for the last one that was given out. */
function knowCodes(): Pick<Defect, 'request' | 'answer'> {
  let last = '';
  return {
    request: misreadForm(isExchange, (form) => {
      if (form.get('code')?.slice(1) === last.slice(1)) form.set('code', last);
    }),
    answer: (answer) => {
      last = codeIn(answer) ?? last;
    },
  };
}

/** By the time that the answers tell. */
function liveHalf(): Pick<Defect, 'answer'> {
  let given = 0;
  return {
    answer: (answer, request) => {
      const now = Date.parse(answer.headers.date ?? '');
      if (codeIn(answer) !== undefined) given = now;
      if (isExchange(request) && now - given > 30_000) Object.assign(answer, invalidGrant());
    },
  };
}

function keepNewest(): Pick<Defect, 'request' | 'answer'> {
  let newest = '';
  return {
    request: misreadForm(isExchange, (form) => {
      if (form.get('code') !== newest) form.set('code', 'old');
    }),
    answer: (answer) => {
      newest = codeIn(answer) ?? newest;
    },
  };
}
