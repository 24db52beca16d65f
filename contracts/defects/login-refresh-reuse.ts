/** What a server can get wrong about refresh tokens that are used twice, and about offline ones. */
import type { Defect, WireRequest } from '../broken-server.ts';
import {
  endsEverything,
  has,
  isApi,
  isLogout,
  isOfSession,
  isRefresh,
  isUserinfo,
  parameterOf,
  refusal,
  rememberSpent,
  tokensOf,
} from './login-session-wire.ts';
import { letIn } from './sipgate-wire.ts';
import { both, changeSuccess, formOf, isLoginToken, misreadForm, type Which } from './token-wire.ts';

const asksOffline: Which = (request) => (formOf(request).get('scope') ?? '').includes('offline_access');
const isOffline = (body: Record<string, unknown>) => body.refresh_expires_in === 0;

export const loginRefreshReuseDefects: Defect[] = [
  {
    title: 'a refresh gives the same refresh token again',
    catches: [
      'sipgate.RFT-07',
      'sipgate.RFT-06a',
      'sipgate.RFT-06b',
      'sipgate.RFT-06c',
      'sipgate.RFT-06d',
      'sipgate.OFF-03',
    ],
    ...withoutRotation(),
  },
  {
    title: 'a spent refresh token is refused, and that is all',
    catches: [
      'sipgate.RFT-06b',
      'sipgate.RFT-06c',
      'sipgate.RFT-06d',
      'sipgate.RFT-06f',
      'sipgate.RFT-15',
      'sipgate.OFF-03',
    ],
    ...refuseAlone(),
  },
  {
    title: 'access tokens of the API outlive their session',
    catches: [
      'sipgate.RFT-06c',
      'sipgate.RFT-06d',
      'sipgate.OFF-05',
      'sipgate.OFF-06',
      'sipgate.REV-08b',
      'sipgate.REV-08c',
      'sipgate.LGO-01c',
      'sipgate.LGO-01d',
      'sipgate.LGO-16b',
    ],
    request: letIn(both(isApi, isOfSession)),
  },
  {
    title: 'access tokens at userinfo outlive their session',
    catches: ['sipgate.RFT-06c', 'sipgate.OFF-05', 'sipgate.REV-08b', 'sipgate.LGO-01c', 'sipgate.USR-04c'],
    answer: (answer, request) => {
      if (isUserinfo(request) && answer.status === 401) answer.status = 200;
    },
  },
  {
    title: 'who uses a refresh token twice loses every session',
    catches: ['sipgate.RFT-06e'],
    answer: endsEverything((answer, request) => isRefresh(request) && answer.status === 400),
  },
  {
    title: 'an offline token has an end',
    catches: ['sipgate.OFF-01'],
    answer: changeSuccess(both(isLoginToken, asksOffline), (body) => ({ ...body, refresh_expires_in: 2_592_000 })),
  },
  {
    title: 'offline_access is not in the scope that was granted',
    catches: ['sipgate.OFF-01'],
    answer: changeSuccess(isLoginToken, (body) => ({
      ...body,
      scope: String(body.scope).replace(/ ?offline_access/, ''),
    })),
  },
  {
    title: 'a refresh of an offline token gives an online one',
    catches: ['sipgate.OFF-02', 'sipgate.OFF-07'],
    answer: changeSuccess(isRefresh, (body) => (isOffline(body) ? { ...body, refresh_expires_in: 1800 } : body)),
  },
  {
    title: 'an offline answer names the scopes of its access token alone',
    catches: ['sipgate.OFF-09'],
    answer: changeSuccess(both(isRefresh, has('scope')), (body, request) => ({
      ...body,
      scope: formOf(request).get('scope'),
    })),
  },
  {
    title: 'an offline token cannot be narrowed',
    catches: ['sipgate.OFF-07'],
    request: misreadForm(isRefresh, (form) => form.delete('scope')),
  },
  {
    title: 'the logout of one session ends every other',
    catches: ['sipgate.OFF-10'],
    answer: endsEverything((_, request) => isLogout(request)),
  },
  {
    title: 'the logout of a browser ends offline sessions',
    catches: ['sipgate.OFF-04'],
    answer: endsEverything((_, request) => isLogout(request) && parameterOf(request, 'id_token_hint') !== undefined),
  },
];

/** The fake's own rotation goes on behind it. */
function withoutRotation(): Pick<Defect, 'request' | 'answer'> {
  const current = new Map<string, string>();
  const sentBy = new WeakMap<WireRequest, string>();
  return {
    request: (request) => {
      const token = formOf(request).get('refresh_token');
      if (!isRefresh(request) || token === null) return;
      sentBy.set(request, token);
      misreadForm(isRefresh, (form) => form.set('refresh_token', current.get(token) ?? token))(request);
    },
    answer: (answer, request) => {
      const tokens = isRefresh(request) ? tokensOf(answer, request) : undefined;
      const sent = sentBy.get(request);
      if (!tokens || sent === undefined) return;
      current.set(sent, String(tokens.refresh_token));
      answer.body = JSON.stringify({ ...tokens, refresh_token: sent });
    },
  };
}

/** The fake never hears of the second use. */
function refuseAlone(): Pick<Defect, 'instead' | 'answer'> {
  const { isSpent, answer } = rememberSpent();
  return {
    instead: (request) =>
      isRefresh(request) && isSpent(parameterOf(request, 'refresh_token')) ? refusal(400, 'invalid_grant') : undefined,
    answer,
  };
}
