/** What a server can get wrong about codes: whom they are good for, how long, and how often. */
import { type Defect, jsonAnswer, type WireAnswer, type WireRequest } from '../broken-server.ts';
import { isAuth, queryOf } from './login-authorization-wire.ts';
import { pairOf } from './sipgate-wire.ts';
import { unauthorized } from './token-places.ts';
import {
  bearerOf,
  both,
  changeError,
  changeSuccess,
  formOf,
  isLoginToken,
  lacks,
  misreadForm,
  refuse,
  sends,
} from './token-wire.ts';

const isExchange = both(isLoginToken, sends('grant_type', 'authorization_code'));
const isAccount = ({ path }: WireRequest) => path.startsWith('/v2/account');
const isAlias = ({ path }: WireRequest) => path.startsWith('/login/');
const isClient = ({ path }: WireRequest) => /\/oauth2\/clients\/[^/]+$/.test(path);
const codeOf = (request: WireRequest) => formOf(request).get('code') ?? '';

const accept = (answer: WireAnswer): void => {
  Object.assign(answer, jsonAnswer(200, { access_token: 'a.b.c', token_type: 'Bearer', expires_in: 300 }));
};

/** Whatever was refused with this code is granted. */
const acceptAll = (error: string, which = isExchange) =>
  changeError(which, error, (_, answer) => {
    answer.status = 200;
  });

/** Each is refused where it should be let in. */
const refuseOne = (which: (request: WireRequest) => boolean) => refuse(both(isExchange, which), 400, 'invalid_grant');

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
    instead: refuseOne((request) => pairOf(request) !== ''),
  },
  {
    title: 'every exchange wants a secret',
    catches: ['sipgate.ACG-01d', 'sipgate.PKC-10'],
    instead: refuseOne((request) => lacks('client_secret')(request) && pairOf(request) === ''),
  },
  {
    title: 'the alias knows no codes',
    catches: ['sipgate.ACG-01e'],
    instead: refuseOne(isAlias),
  },
  {
    title: 'redirect_uri is not looked at in an exchange',
    catches: ['sipgate.ACG-02a', 'sipgate.ACG-02b', 'sipgate.ACG-08a'],
    ...knowRedirectUris(),
  },
  {
    title: 'redirect_uri is wanted in every exchange',
    catches: ['sipgate.ACG-02c'],
    instead: refuseOne(lacks('redirect_uri')),
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
    answer: acceptAll('invalid_grant'),
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
    instead: refuseOne(lacks('code')),
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
  {
    title: 'a used code leaves its tokens alone',
    catches: ['sipgate.ACG-03b', 'sipgate.ACG-03c'],
    ...forgetUsed(),
  },
  {
    title: 'the refresh token outlives a code that is used again',
    catches: ['sipgate.ACG-03b'],
    answer: (answer, request) => {
      if (isLoginToken(request) && formOf(request).get('grant_type') === 'refresh_token') accept(answer);
    },
  },
  {
    title: 'whoever shows a used code takes its tokens away',
    catches: ['sipgate.ACG-03d', 'sipgate.ACG-03e'],
    ...killTokens(),
  },
  {
    title: 'a used code logs the user out',
    catches: ['sipgate.ACG-03e'],
    instead: (request) =>
      isAuth(request) && queryOf(request).get('prompt') === 'none'
        ? jsonAnswer(400, { error: 'login_required' })
        : undefined,
  },
  {
    title: 'a code is good for two exchanges',
    catches: ['sipgate.ACG-03a', 'sipgate.ACG-07'],
    ...acceptTwice(),
  },
  {
    title: 'a failed exchange leaves the code good',
    catches: ['sipgate.ACG-08a', 'sipgate.ACG-08b'],
    ...spareOnce(),
  },
  {
    title: 'every failed exchange spends the code',
    catches: ['sipgate.ACG-09a', 'sipgate.ACG-09b'],
    ...spendAlways(),
  },
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
    title: 'a code of a deleted client is invalid_grant',
    catches: ['sipgate.ACG-15b'],
    answer: changeError(isLoginToken, 'invalid_client', (body) => {
      body.error = 'invalid_grant';
    }),
  },
];

const codeIn = ({ headers }: WireAnswer) => /[?&#]code=([^&#]*)/.exec(headers.location ?? '')?.[1];

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
      if (isExchange(request) && now - given > 30_000)
        Object.assign(answer, jsonAnswer(400, { error: 'invalid_grant' }));
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

/** Of a second use the fake never hears. */
function forgetUsed(): Pick<Defect, 'request'> {
  const used = new Set<string>();
  return {
    request: misreadForm(isExchange, (form) => {
      const code = form.get('code') ?? '';
      if (used.has(code)) form.set('code', 'forgotten');
      used.add(code);
    }),
  };
}

/** A code that is shown a second time ends every token, whoever shows it. */
function killTokens(): Pick<Defect, 'answer'> {
  const used = new Set<string>();
  let killed = false;
  return {
    answer: (answer, request) => {
      if (isExchange(request)) killed ||= used.has(codeOf(request));
      if (isExchange(request)) used.add(codeOf(request));
      if (isAccount(request) && killed && bearerOf(request) !== '')
        Object.assign(answer, unauthorized('invalid_token'));
    },
  };
}

/** The first refusal of each code is a success. */
function acceptTwice(): Pick<Defect, 'answer'> {
  const accepted = new Set<string>();
  return {
    answer: (answer, request) => {
      if (!isExchange(request) || answer.status !== 400 || accepted.has(codeOf(request))) return;
      accepted.add(codeOf(request));
      accept(answer);
    },
  };
}

/** The fake hears of the second exchange alone; the first one is refused here. */
function spareOnce(): Pick<Defect, 'instead'> {
  const failed = new Set<string>();
  return {
    instead: (request) => {
      if (!isExchange(request)) return undefined;
      if (failed.has(codeOf(request))) return jsonAnswer(200, { access_token: 'a.b.c' });
      failed.add(codeOf(request));
      return jsonAnswer(400, { error: 'invalid_grant' });
    },
  };
}

/** Whatever its client or its other parameters are, the first exchange is the last. */
function spendAlways(): Pick<Defect, 'answer'> {
  const tried = new Set<string>();
  return {
    answer: (answer, request) => {
      if (!isLoginToken(request) || codeOf(request) === '') return;
      if (tried.has(codeOf(request))) Object.assign(answer, jsonAnswer(400, { error: 'invalid_grant' }));
      tried.add(codeOf(request));
    },
  };
}

function endCodes(method: string): Pick<Defect, 'instead'> {
  let changed = false;
  return {
    instead: (request) => {
      changed ||= request.method === method && isClient(request);
      return changed && isExchange(request) ? jsonAnswer(400, { error: 'invalid_grant' }) : undefined;
    },
  };
}
