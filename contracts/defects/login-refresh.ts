/** What a server can get wrong about the answer to a refresh, and about the scopes in it. */
import type { Defect, WireAnswer, WireRequest } from '../broken-server.ts';
import { isApi, isRefresh, refusal, rewritten, tokensOf } from './login-session-wire.ts';
import { unauthorized } from './token-places.ts';
import {
  bearerOf,
  both,
  changeError,
  changeStatus,
  changeSuccess,
  formOf,
  misreadForm,
  refuse,
  type Which,
} from './token-wire.ts';

const asksScope: Which = (request) => formOf(request).has('scope');
const scopeOf = (request: WireRequest) => formOf(request).get('scope') ?? '';

export const loginRefreshDefects: Defect[] = [
  {
    title: 'a refresh gives the access token of the login again',
    catches: ['sipgate.RFT-01a'],
    answer: repeatOfLogin('access_token'),
  },
  {
    title: 'a refreshed access token opens nothing',
    catches: ['sipgate.RFT-01a', 'sipgate.OFF-02', 'sipgate.RFT-16c'],
    answer: forgetRefreshedTokens(),
  },
  {
    title: 'the members of a refresh come in another order',
    catches: ['sipgate.RFT-01b'],
    answer: changeSuccess(isRefresh, (body) => Object.fromEntries(Object.entries(body).reverse())),
  },
  {
    title: 'a refresh says another session',
    catches: ['sipgate.RFT-01c'],
    answer: changeSuccess(isRefresh, (body) => ({ ...body, session_state: 'another' })),
  },
  {
    title: 'a refreshed session has half of its life before it',
    catches: ['sipgate.RFT-01c'],
    answer: changeSuccess(isRefresh, (body) => ({ ...body, refresh_expires_in: 1_296_000 })),
  },
  {
    title: 'new tokens may be stored',
    catches: ['sipgate.RFT-01d'],
    answer: changeStatus(isRefresh, 200, ({ headers }) => {
      headers['cache-control'] = 'private';
    }),
  },
  {
    title: 'a refresh ends the access token of before',
    catches: ['sipgate.RFT-01e'],
    answer: endPredecessors(),
  },
  {
    title: 'the ID token of a refresh is the one of the login',
    catches: ['sipgate.RFT-01f'],
    answer: repeatOfLogin('id_token'),
  },
  {
    title: 'the ID token of a refresh has a nonce',
    catches: ['sipgate.RFT-01f'],
    answer: changeSuccess(isRefresh, (body) => ({
      ...body,
      id_token: rewritten(body.id_token, (claims) => ({ ...claims, nonce: 'n' })),
    })),
  },
  {
    title: 'a refresh brings an ID token unasked',
    catches: ['sipgate.RFT-01g'],
    answer: changeSuccess(isRefresh, (body) => ({ ...body, id_token: body.access_token })),
  },
  {
    title: 'the scope of a refresh is not read',
    catches: ['sipgate.RFT-02a', 'sipgate.RFT-03a', 'sipgate.RFT-03c', 'sipgate.RFT-03d'],
    request: misreadForm(isRefresh, (form) => form.delete('scope')),
  },
  {
    title: 'a narrower scope is said and not enforced',
    catches: ['sipgate.RFT-02a'],
    ...sayTheScopeAlone(),
  },
  {
    title: 'a refresh token that was narrowed stays narrow',
    catches: ['sipgate.RFT-02b'],
    ...keepNarrow(),
  },
  {
    title: 'no ID token comes where openid is narrowed away',
    catches: ['sipgate.RFT-02c'],
    answer: changeSuccess(both(isRefresh, asksScope), ({ id_token: _, ...body }) => body),
  },
  {
    title: 'scopes must be asked for in the order of the login',
    catches: ['sipgate.RFT-02d'],
    instead: refuse(
      both(isRefresh, (request) => scopeOf(request).startsWith('balance')),
      400,
      'invalid_scope',
    ),
  },
  {
    title: 'a wider scope is said to be granted',
    catches: ['sipgate.RFT-03b'],
    answer: changeSuccess(both(isRefresh, asksScope), (body, request) => ({ ...body, scope: scopeOf(request) })),
  },
];

/** A member of the answer to the login comes again. */
function repeatOfLogin(member: string): Defect['answer'] {
  let first: unknown;
  return (answer, request) => {
    const tokens = tokensOf(answer, request);
    if (!tokens) return;
    if (isRefresh(request)) answer.body = JSON.stringify({ ...tokens, [member]: first });
    else first = tokens[member];
  };
}

function forgetRefreshedTokens(): Defect['answer'] {
  const refreshed = new Set<unknown>();
  return (answer, request) => {
    if (isRefresh(request)) refreshed.add(tokensOf(answer, request)?.access_token);
    if (isApi(request) && refreshed.has(bearerOf(request))) Object.assign(answer, unauthorized('invalid_token'));
  };
}

function endPredecessors(): Defect['answer'] {
  const latest = new Map<unknown, unknown>();
  const dead = new Set<unknown>();
  return (answer: WireAnswer, request: WireRequest) => {
    const tokens = tokensOf(answer, request);
    if (tokens && isRefresh(request)) dead.add(latest.get(tokens.session_state));
    if (tokens) latest.set(tokens.session_state, tokens.access_token);
    if (isApi(request) && dead.has(bearerOf(request))) Object.assign(answer, unauthorized('invalid_token'));
  };
}

function sayTheScopeAlone(): Pick<Defect, 'request' | 'answer'> {
  let asked: string | null = null;
  return {
    request: (request) => {
      if (!isRefresh(request)) return;
      asked = formOf(request).get('scope');
      misreadForm(isRefresh, (form) => form.delete('scope'))(request);
    },
    answer: changeSuccess(isRefresh, (body) => (asked === null ? body : { ...body, scope: asked })),
  };
}

function keepNarrow(): Pick<Defect, 'request' | 'answer'> {
  const narrow = new Map<string, string>();
  return {
    request: misreadForm(isRefresh, (form) => {
      const scope = narrow.get(form.get('refresh_token') ?? '');
      if (scope !== undefined) form.set('scope', scope);
    }),
    answer: (answer, request) => {
      const tokens = isRefresh(request) ? tokensOf(answer, request) : undefined;
      if (tokens && asksScope(request)) narrow.set(String(tokens.refresh_token), scopeOf(request));
    },
  };
}

const OF_A_DAY = 86_400_000;

/** Refresh tokens that die this long after the login, by the time that the answers tell. */
function killAfter(days: number): Defect['answer'] {
  let login = 0;
  return (answer, request) => {
    const now = Date.parse(answer.headers.date ?? '');
    if (tokensOf(answer, request) && !isRefresh(request)) login = now;
    if (isRefresh(request) && now - login > days * OF_A_DAY) Object.assign(answer, refusal(400, 'invalid_grant'));
  };
}

/** What only moved time shows. */
export const loginSessionLifeDefects: Defect[] = [
  {
    title: 'a refresh token lives a day',
    catches: ['sipgate.RFT-16a', 'sipgate.OFF-08'],
    answer: killAfter(1),
  },
  {
    title: 'a session ends a month after its login, used or not',
    catches: ['sipgate.RFT-16c', 'sipgate.OFF-08'],
    answer: killAfter(31),
  },
  {
    title: 'every bad refresh token is refused in the same words',
    catches: ['sipgate.RFT-16b', 'sipgate.RFT-06f'],
    answer: changeError(isRefresh, 'invalid_grant', (body) => {
      body.error_description = 'Invalid refresh token';
    }),
  },
  {
    title: 'every refresh gets an answer of 200',
    catches: ['sipgate.RFT-16b', 'sipgate.RFT-06a', 'sipgate.RFT-06f', 'sipgate.RFT-10', 'sipgate.LGO-12d'],
    answer: changeStatus(isRefresh, 400, (answer) => {
      answer.status = 200;
    }),
  },
];
