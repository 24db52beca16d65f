/** What a server can get wrong about logouts in a browser: whom it asks, what a yes ends, and where it leads. */
import type { Defect, WireAnswer, WireRequest } from '../broken-server.ts';
import { changeCookie } from './login-authorization-wire.ts';
import { endsEverything, htmlAnswer, isConfirm, isLogout, not, parameterOf, queryOf } from './login-session-wire.ts';
import { both, changeStatus, type Which } from './token-wire.ts';

const GOODBYE = '<h1>You are logged out</h1>';
const QUESTION = '<form method="post" action="/none"><input name="session_code" value="x"></form>';

const hinted: Which = (request) => parameterOf(request, 'id_token_hint') !== undefined;
const byHint = both(isLogout, hinted);
const redirectOf = (request: WireRequest) => parameterOf(request, 'post_logout_redirect_uri');
const isPage = (answer: WireAnswer) => (answer.headers['content-type'] ?? '').startsWith('text/html');

const BAD_REDIRECTS = ['sipgate.LGO-13c', 'sipgate.LGO-14a', 'sipgate.LGO-14b', 'sipgate.LGO-14c'];
const BAD_HINTS = ['sipgate.LGO-15a', 'sipgate.LGO-15b', 'sipgate.LGO-15c', 'sipgate.LGO-15d', 'sipgate.LGO-15e'];

export const loginLogoutPageDefects: Defect[] = [
  {
    title: 'nobody is asked before the logout',
    catches: ['sipgate.LGO-11a', 'sipgate.LGO-11b', 'sipgate.LGO-16a'],
    answer: (answer, request) => {
      if (isLogout(request) && isPage(answer) && answer.status === 200) answer.body = GOODBYE;
    },
  },
  {
    title: 'the question alone ends the session',
    catches: ['sipgate.LGO-11a', 'sipgate.LGO-11b', 'sipgate.LGO-16a'],
    answer: endsEverything((answer, request) => both(isLogout, not(hinted))(request) && answer.status === 200),
  },
  {
    title: 'who holds an ID token is asked all the same',
    catches: ['sipgate.LGO-12a', 'sipgate.LGO-12b', 'sipgate.LGO-12c', 'sipgate.LGO-16e'],
    answer: (answer, request) => {
      if (byHint(request) && answer.status < 400) Object.assign(answer, htmlAnswer(200, QUESTION));
    },
  },
  {
    title: 'an ID token ends nothing',
    catches: ['sipgate.LGO-12a', 'sipgate.LGO-12b', 'sipgate.LGO-12d'],
    instead: (request) => (byHint(request) ? htmlAnswer(200, GOODBYE) : undefined),
  },
  {
    title: 'an ID token is good for one logout',
    catches: ['sipgate.LGO-12c'],
    ...refuseSecondHint(),
  },
  {
    title: 'an ID token whose time is over is refused',
    catches: ['sipgate.LGO-12d'],
    answer: (answer, request) => {
      const exp = expOf(parameterOf(request, 'id_token_hint'));
      if (byHint(request) && exp !== undefined && Date.parse(answer.headers.date ?? '') > exp * 1000)
        answer.status = 400;
    },
  },
  {
    title: 'the logout leads to every redirect URI',
    catches: BAD_REDIRECTS,
    answer: (answer, request) => {
      const location = redirectOf(request);
      if (isLogout(request) && answer.status === 400 && location) {
        Object.assign(answer, { status: 302, headers: { location }, body: '' });
      }
    },
  },
  {
    title: 'a refused logout ends the session',
    catches: ['sipgate.LGO-13c', ...BAD_HINTS],
    answer: endsEverything((answer, request) => isLogout(request) && answer.status === 400),
  },
  {
    title: 'any hint is good for a goodbye',
    catches: BAD_HINTS,
    answer: (answer, request) => {
      if (byHint(request) && answer.status === 400) Object.assign(answer, htmlAnswer(200, GOODBYE));
    },
  },
  {
    title: 'the state is not sent back',
    catches: ['sipgate.LGO-13d', 'sipgate.LGO-16b', 'sipgate.LGO-16e'],
    answer: changeStatus(
      (request) => isLogout(request) || isConfirm(request),
      302,
      ({ headers }) => {
        headers.location = (headers.location ?? '').replace(/\?.*/, '');
      },
    ),
  },
  {
    title: 'the way back has another path',
    catches: ['sipgate.LGO-13d', 'sipgate.LGO-16b', 'sipgate.LGO-16e'],
    answer: changeStatus(
      (request) => isLogout(request) || isConfirm(request),
      302,
      ({ headers }) => {
        headers.location = (headers.location ?? '').replace('/callback', '/');
      },
    ),
  },
  {
    title: 'who is not logged in is asked too',
    catches: ['sipgate.LGO-13d', 'sipgate.LGO-13e'],
    answer: changeStatus(isLogout, 302, (answer) => {
      Object.assign(answer, htmlAnswer(200, QUESTION));
    }),
  },
  {
    title: 'a yes ends nothing',
    catches: ['sipgate.LGO-16b', 'sipgate.LGO-16c', 'sipgate.LGO-16d'],
    ...forgetYes(),
  },
  {
    title: 'a page may be answered again and again, by anyone, with any code',
    catches: ['sipgate.LGO-17a', 'sipgate.LGO-17b', 'sipgate.LGO-17c', 'sipgate.LGO-17d'],
    answer: changeStatus(isConfirm, 400, (answer) => {
      Object.assign(answer, htmlAnswer(200, GOODBYE));
    }),
  },
  {
    title: 'a yes that is refused ends the session',
    catches: ['sipgate.LGO-17b', 'sipgate.LGO-17c'],
    answer: endsEverything((answer, request) => isConfirm(request) && answer.status === 400),
  },
  {
    title: 'the pages of a logout do not say what became of it',
    catches: ['sipgate.LGO-14d'],
    answer: (answer, request) => {
      if (isLogout(request) && isPage(answer)) answer.body = answer.body.replaceAll(/You are logged out/g, 'Goodbye');
    },
  },
  {
    title: 'where there is no state, an empty one goes with the way back',
    catches: ['sipgate.LGO-13f'],
    answer: ({ headers }, request) => {
      const { location } = headers;
      if (isLogout(request) && location && !/[?&]state=/.test(location)) headers.location = `${location}&state=`;
    },
  },
  {
    title: "a program's logout leaves the browser logged in",
    catches: ['sipgate.LGO-16f'],
    instead: (request) =>
      isLogout(request) && parameterOf(request, 'refresh_token') !== undefined
        ? { status: 204, headers: {}, body: '' }
        : undefined,
  },
  {
    title: "whatever session an ID token is of, it ends unasked, and the browser's too",
    catches: ['sipgate.LGO-16g'],
    answer: (answer, request) => {
      if (byHint(request) && isPage(answer) && answer.status === 200) answer.body = GOODBYE;
    },
  },
  {
    title: 'who is not logged in cannot say yes',
    catches: ['sipgate.LGO-16h'],
    instead: (request) =>
      isConfirm(request) && !request.headers.cookie?.[0]?.includes('KEYCLOAK_IDENTITY')
        ? htmlAnswer(400, '<h1>We are sorry...</h1>')
        : undefined,
  },
  {
    title: 'the identity stays in the browser when its session has ended',
    catches: ['sipgate.LGO-16c', 'sipgate.LGO-16e', 'sipgate.AUT-38'],
    answer: changeCookie('KEYCLOAK_IDENTITY', (line) => (/Max-Age=0/i.test(line) ? undefined : line)),
  },
  {
    title: 'the end of a logout may be stored',
    catches: ['sipgate.LGO-18b'],
    answer: ({ headers }, request) => {
      if (isLogout(request)) delete headers['cache-control'];
    },
  },
  {
    title: 'pages of the logout may be framed',
    catches: ['sipgate.LGO-18'],
    answer: ({ headers }, request) => {
      if (isLogout(request)) delete headers['x-frame-options'];
    },
  },
  {
    title: 'pages of the logout may be stored',
    catches: ['sipgate.LGO-18'],
    answer: ({ headers }, request) => {
      if (isLogout(request)) headers['cache-control'] = 'max-age=60';
    },
  },
];

function expOf(token: string | undefined): number | undefined {
  try {
    const { exp } = JSON.parse(Buffer.from(token?.split('.')[1] ?? '', 'base64url').toString('utf8'));
    return Number(exp);
  } catch {
    return undefined;
  }
}

function refuseSecondHint(): Pick<Defect, 'instead'> {
  const seen = new Set<string | undefined>();
  return {
    instead: (request) => {
      if (!byHint(request)) return undefined;
      const hint = parameterOf(request, 'id_token_hint');
      if (seen.has(hint)) return htmlAnswer(400, '<h1>We are sorry...</h1>');
      seen.add(hint);
      return undefined;
    },
  };
}

/** Leads back, or says goodbye, and tells the fake nothing of it. */
function forgetYes(): Pick<Defect, 'request' | 'instead'> {
  let back: URLSearchParams | undefined;
  return {
    request: (request) => {
      if (isLogout(request)) back = queryOf(request);
    },
    instead: (request) => {
      if (!isConfirm(request)) return undefined;
      const uri = back?.get('post_logout_redirect_uri');
      if (!uri) return htmlAnswer(200, GOODBYE);
      const state = new URLSearchParams({ state: back?.get('state') ?? '' });
      return { status: 302, headers: { location: `${uri}?${state}` }, body: '' };
    },
  };
}
