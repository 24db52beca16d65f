/** What a server can get wrong about who may send a login page, how often, and what its address may say. */
import type { Defect } from '../broken-server.ts';
import {
  changePage,
  changeRedirect,
  inAddress,
  isAuth,
  isAuthenticate,
  isPost,
  isRequiredAction,
  misreadQuery,
  page,
  queryOf,
  redirectTo,
} from './login-authorization-wire.ts';
import { changeStatus } from './token-wire.ts';

export const loginPageMisuseDefects: Defect[] = [
  {
    title: 'a page is good for every browser, with cookies or without',
    catches: ['sipgate.AUT-54', 'sipgate.AUT-57', 'sipgate.AUT-77'],
    ...lendCookies(),
  },
  {
    title: 'a page can be sent as often as one likes',
    catches: ['sipgate.AUT-55'],
    ...renewSessionCodes(),
  },
  {
    title: 'who has no cookies of a login is shown a page all the same',
    catches: ['sipgate.AUT-66a', 'sipgate.AUT-66b'],
    answer: (answer, request) => {
      if ((isAuthenticate(request) || isRequiredAction(request)) && answer.status === 400) answer.status = 200;
    },
  },
  {
    title: 'there is nothing to consent to for who has not logged in: 400',
    catches: ['sipgate.AUT-67'],
    answer: changeStatus(isRequiredAction, 302, (answer) => Object.assign(answer, page(400, 'Bad Request'))),
  },
  {
    title: 'a page that is sent again tells the client login_required',
    catches: ['sipgate.AUT-56', 'sipgate.AUT-78'],
    answer: changeRedirect((parameters) => {
      if (parameters.get('error') === 'temporarily_unavailable') parameters.set('error', 'login_required');
      return parameters;
    }),
  },
  {
    title: 'a page that is sent again gets a second code',
    catches: ['sipgate.AUT-56', 'sipgate.AUT-78'],
    answer: changeRedirect((parameters) => {
      if (parameters.get('error') === 'temporarily_unavailable') return new URLSearchParams({ code: 'x' });
      return parameters;
    }),
  },
  {
    title: 'a browser has one tab at a time',
    catches: ['sipgate.AUT-61'],
    request: (request) => {
      if (isAuth(request)) delete request.headers.cookie;
    },
  },
  {
    title: 'a login that begins again does not say so',
    catches: ['sipgate.AUT-57'],
    answer: changePage(isAuthenticate, (html) => html.replace(/Your login attempt[^<]*/, '')),
  },
  {
    title: 'a page that has expired leads nowhere',
    catches: ['sipgate.AUT-64'],
    answer: changePage(isAuthenticate, (html) => html.replace(/href="[^"]*"/, '')),
  },
  {
    title: 'what comes of a page that is sent again is told in the query',
    catches: ['sipgate.AUT-56'],
    answer: (answer, request) => {
      if (isAuthenticate(request) && answer.headers.location?.includes('#error'))
        answer.headers.location = answer.headers.location.replace('#', '?');
    },
  },
  {
    title: 'client_data is led to, whatever it says',
    catches: ['sipgate.AUT-62a'],
    instead: (request) => {
      const data = queryOf(request).get('client_data');
      if (!isAuthenticate(request) || data === null || queryOf(request).has('session_code')) return undefined;
      return redirectTo(JSON.parse(Buffer.from(data, 'base64url').toString('utf8')).ru);
    },
  },
  {
    title: 'client_data is not looked at',
    catches: ['sipgate.AUT-62b'],
    request: misreadQuery(isAuthenticate, (query) => query.delete('client_data')),
  },
  {
    title: 'a refused address is a page with status 200',
    catches: ['sipgate.AUT-62b', 'sipgate.AUT-62c', 'sipgate.AUT-54'],
    answer: changeStatus(isAuthenticate, 400, (answer) => {
      answer.status = 200;
    }),
  },
  {
    title: 'the login page cannot be shown again',
    catches: ['sipgate.AUT-63', 'sipgate.AUT-64'],
    instead: (request) => (isAuthenticate(request) && !isPost(request) ? page(404, 'Not found') : undefined),
  },
  {
    title: 'a step that is over shows the current one',
    catches: ['sipgate.AUT-64'],
    request: misreadQuery(isAuthenticate, (query) => query.delete('session_code')),
  },
];

/** Knows which cookies a tab began with, and takes every browser for that one. */
function lendCookies(): Pick<Defect, 'request' | 'answer'> {
  const known = new Map<string, string>();
  return {
    request: (request) => {
      const cookie = known.get(queryOf(request).get('tab_id') ?? '');
      if (cookie !== undefined && isPost(request)) request.headers.cookie = [cookie];
    },
    answer: ({ cookies = [], body }, request) => {
      if (isAuth(request)) known.set(inAddress(body, 'tab_id'), cookies.map((line) => line.split(';')[0]).join('; '));
    },
  };
}

/** Knows the newest code of each tab, and takes every older one for it. */
function renewSessionCodes(): Pick<Defect, 'request' | 'answer'> {
  const newest = new Map<string, string>();
  return {
    request: misreadQuery(isAuthenticate, (query) => {
      const code = newest.get(query.get('tab_id') ?? '');
      if (code !== undefined) query.set('session_code', code);
    }),
    answer: ({ body }) => {
      const code = inAddress(body, 'session_code');
      if (code !== '') newest.set(inAddress(body, 'tab_id'), code);
    },
  };
}
