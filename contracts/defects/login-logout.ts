/** What a server can get wrong about a logout by refresh token, and about methods and realms of such endpoints. */
import type { Defect, WireRequest } from '../broken-server.ts';
import { deduplicate, endsEverything, has, isLogout, refusal, rememberSpent } from './login-session-wire.ts';
import { both, changeError, changeStatus, formOf, misreadForm, refuse } from './token-wire.ts';

const byToken = both(isLogout, has('refresh_token'));
const tokenIn = (request: WireRequest) => formOf(request).get('refresh_token') ?? '';
const goodbye = () => ({ status: 204, headers: {}, body: '' });

const REFUSED = ['LGO-02a', 'LGO-02b', 'LGO-02c', 'LGO-03a', 'LGO-03b', 'LGO-04', 'LGO-05'].map(
  (id) => `sipgate.${id}`,
);

export const loginLogoutDefects: Defect[] = [
  {
    title: 'a logout is 200',
    catches: ['sipgate.LGO-01a', 'sipgate.LGO-06', 'sipgate.LGO-07'],
    answer: changeStatus(byToken, 204, (answer) => {
      answer.status = 200;
    }),
  },
  {
    title: 'a logout ends nothing',
    catches: [
      'sipgate.LGO-01b',
      'sipgate.LGO-01c',
      'sipgate.LGO-01d',
      'sipgate.LGO-01f',
      'sipgate.LGO-07',
      'sipgate.OFF-05',
      'sipgate.INT-02e',
    ],
    instead: (request) => (byToken(request) ? goodbye() : undefined),
  },
  {
    title: 'a session that has ended cannot be ended again',
    catches: ['sipgate.LGO-01e'],
    ...refuseSecond(),
  },
  {
    title: 'a spent refresh token is no refresh token at the logout',
    catches: ['sipgate.LGO-01f'],
    ...refuseSpent(),
  },
  {
    title: 'a logout ends every session of the user',
    catches: ['sipgate.LGO-01g'],
    answer: endsEverything((_, request) => byToken(request)),
  },
  {
    title: 'a logout is refused to nobody',
    catches: [...REFUSED, 'sipgate.LGO-03c'],
    answer: (answer, request) => {
      if (byToken(request) && answer.status >= 400) Object.assign(answer, goodbye());
    },
  },
  {
    title: 'a logout that is refused ends the session all the same',
    catches: REFUSED,
    answer: endsEverything((answer, request) => byToken(request) && answer.status >= 400),
  },
  {
    title: 'an empty refresh token counts as none',
    catches: ['sipgate.LGO-02b'],
    request: misreadForm(byToken, (form) => {
      if (form.get('refresh_token') === '') form.delete('refresh_token');
    }),
  },
  {
    title: 'a wrong secret is invalid_client at the logout',
    catches: ['sipgate.LGO-03c'],
    answer: changeError(isLogout, 'unauthorized_client', (body) => {
      body.error = 'invalid_client';
    }),
  },
  {
    title: 'pages of any origin may log out',
    catches: ['sipgate.LGO-05'],
    request: (request) => {
      if (isLogout(request)) delete request.headers.origin;
    },
  },
  {
    title: 'no page may read that it logged out',
    catches: ['sipgate.LGO-06'],
    answer: ({ headers }, request) => {
      if (isLogout(request)) delete headers['access-control-allow-origin'];
    },
  },
  {
    title: 'a refresh token that is sent twice is refused at the logout',
    catches: ['sipgate.LGO-07'],
    instead: refuse(both(byToken, isTwice), 400, 'invalid_request'),
  },
];

function isTwice(request: WireRequest): boolean {
  const once = { ...request };
  deduplicate(once);
  return once.body !== new URLSearchParams(request.body).toString();
}

function refuseSecond(): Pick<Defect, 'instead'> {
  const ended = new Set<string>();
  return {
    instead: (request) => {
      if (!byToken(request)) return undefined;
      if (ended.has(tokenIn(request))) return refusal(400, 'invalid_grant');
      ended.add(tokenIn(request));
      return undefined;
    },
  };
}

function refuseSpent(): Pick<Defect, 'instead' | 'answer'> {
  const { isSpent, answer } = rememberSpent();
  return {
    instead: (request) => (byToken(request) && isSpent(tokenIn(request)) ? refusal(400, 'invalid_grant') : undefined),
    answer,
  };
}
