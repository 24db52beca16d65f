/** What a server can get wrong about refresh tokens that should get nothing. */
import type { Defect, WireRequest } from '../broken-server.ts';
import {
  deduplicate,
  has,
  isRefresh,
  not,
  parameterOf,
  refusal,
  rememberDealt,
  tokensOf,
} from './login-session-wire.ts';
import { both, changeError, isLoginToken, lacks, misreadForm, refuse, sends } from './token-wire.ts';

const isCode = both(isLoginToken, sends('grant_type', 'authorization_code'));

export const loginRefreshRefusalDefects: Defect[] = [
  {
    title: 'a refusal spends the refresh token',
    catches: [
      'sipgate.RFT-03a',
      'sipgate.RFT-03c',
      'sipgate.RFT-03d',
      'sipgate.RFT-04a',
      'sipgate.RFT-04b',
      'sipgate.RFT-11',
      'sipgate.RFT-12',
      'sipgate.RFT-13',
    ],
    ...spendWhatIsRefused(),
  },
  {
    title: 'the signature of a refresh token is not looked at',
    catches: ['sipgate.RFT-05b'],
    ...ignoreSignatures(),
  },
  {
    title: 'any token of a login is good for a refresh',
    catches: ['sipgate.RFT-08a', 'sipgate.RFT-08b'],
    ...takeAnyToken(),
  },
  {
    title: 'of two refresh tokens the first one counts',
    catches: ['sipgate.RFT-11'],
    request: (request) => {
      if (isRefresh(request)) deduplicate(request);
    },
  },
  {
    title: 'a refresh token in the query is read',
    catches: ['sipgate.RFT-12'],
    request: (request: WireRequest) => {
      const token = parameterOf(request, 'refresh_token');
      if (token) misreadForm(isRefresh, (form) => form.set('refresh_token', token))(request);
    },
  },
  {
    title: 'pages of any origin get new tokens',
    catches: ['sipgate.RFT-13'],
    request: (request) => {
      if (isRefresh(request)) delete request.headers.origin;
    },
  },
  {
    title: 'a refresh token is good for every client of every realm',
    catches: ['sipgate.RFT-04a', 'sipgate.RFT-04b'],
    request: (request) => {
      if (!isRefresh(request)) return;
      request.path = request.path.replace('/third-party/', '/sipgate-apps/');
      misreadForm(isRefresh, (form) => {
        form.set('client_id', 'sipgate-app-web');
        form.delete('client_secret');
      })(request);
    },
  },
  {
    title: 'a bad refresh token is invalid_request',
    catches: [
      'sipgate.RFT-04a',
      'sipgate.RFT-05a',
      'sipgate.RFT-05b',
      'sipgate.RFT-06a',
      'sipgate.RFT-06b',
      'sipgate.RFT-08a',
      'sipgate.RFT-08b',
      'sipgate.RFT-14',
      'sipgate.RFT-16b',
    ],
    answer: changeError(isRefresh, 'invalid_grant', (body) => {
      body.error = 'invalid_request';
    }),
  },
  {
    title: 'a missing refresh token is a bad one',
    catches: ['sipgate.RFT-05c'],
    instead: refuse(both(isRefresh, lacks('refresh_token')), 400, 'invalid_grant'),
  },
  {
    title: 'a missing code is a bad one',
    catches: ['sipgate.TKE-22'],
    instead: refuse(both(isCode, lacks('code')), 400, 'invalid_grant'),
  },
  {
    title: 'the refresh token is looked at before the client',
    catches: ['sipgate.RFT-09'],
    instead: refuse(both(isRefresh, sends('refresh_token', 'sidetone'), has('client_id')), 400, 'invalid_grant'),
  },
  {
    title: 'Basic is not read at a refresh',
    catches: ['sipgate.RFT-14'],
    request: (request) => {
      if (isRefresh(request) && not(has('client_id'))(request)) delete request.headers.authorization;
    },
  },
];

function spendWhatIsRefused(): Pick<Defect, 'instead' | 'answer'> {
  const spent = new Set<string>();
  const tokenIn = (request: WireRequest) => (isRefresh(request) ? (parameterOf(request, 'refresh_token') ?? '') : '');
  return {
    instead: (request) => (spent.has(tokenIn(request)) ? refusal(400, 'invalid_grant') : undefined),
    answer: (answer, request) => {
      if (isRefresh(request) && answer.status >= 400) spent.add(tokenIn(request));
    },
  };
}

function ignoreSignatures(): Pick<Defect, 'request' | 'answer'> {
  const good: string[] = [];
  const unsigned = (token: string | null) => token?.slice(0, token.lastIndexOf('.'));
  return {
    request: misreadForm(isRefresh, (form) => {
      const found = good.find((token) => unsigned(token) === unsigned(form.get('refresh_token')));
      if (found) form.set('refresh_token', found);
    }),
    answer: (answer, request) => {
      const tokens = tokensOf(answer, request);
      if (tokens) good.push(String(tokens.refresh_token));
    },
  };
}

function takeAnyToken(): Pick<Defect, 'request' | 'answer'> {
  const dealt = rememberDealt();
  return {
    request: misreadForm(isRefresh, (form) => {
      const found = dealt.find(form.get('refresh_token') ?? '');
      if (found) form.set('refresh_token', String(found.refresh_token));
    }),
    answer: dealt.answer,
  };
}
