/** What a server can get wrong about its login page: what it says, what it sets, and who may send it. */
import { type Defect, jsonAnswer, type WireAnswer, type WireRequest } from '../broken-server.ts';
import {
  changeCookie,
  changeHeaders,
  changePage,
  changeRedirect,
  inAddress,
  isAuth,
  isAuthenticate,
  isConsent,
  isPost,
  leadsToClient,
  misreadQuery,
  page,
  queryOf,
  redirectTo,
} from './login-authorization-wire.ts';
import { both, changeStatus, formOf, misreadForm } from './token-wire.ts';

const isPage = ({ headers }: WireAnswer) => (headers['content-type'] ?? '').startsWith('text/html');
const isSent = both(isAuthenticate, isPost);
const WRONG = 'sidetone-wrong-password';

export const loginPageDefects: Defect[] = [
  {
    title: 'any site may frame the login page',
    catches: ['sipgate.AUT-10a', 'sipgate.AUT-10b', 'sipgate.AUT-10c'],
    answer: changeHeaders(isPage, (headers) => {
      delete headers['x-frame-options'];
      delete headers['content-security-policy'];
    }),
  },
  {
    title: 'the login page gives its address away',
    catches: ['sipgate.AUT-10a', 'sipgate.AUT-10b'],
    answer: changeHeaders(isPage, (headers) => {
      delete headers['referrer-policy'];
    }),
  },
  {
    title: 'the login page may be stored',
    catches: ['sipgate.AUT-10b'],
    answer: changeHeaders(isPage, (headers) => {
      headers['cache-control'] = 'no-cache';
    }),
  },
  {
    title: 'an error page is not stored either',
    catches: ['sipgate.AUT-10c'],
    answer: changeHeaders(isPage, (headers) => {
      headers['cache-control'] = 'no-store';
    }),
  },
  {
    title: 'an error page sets a cookie',
    catches: ['sipgate.AUT-10c', 'sipgate.AUT-77'],
    answer: changeStatus(isAuthOrAction, 400, (answer) => {
      answer.cookies = ['sidetone=1'];
    }),
  },
  {
    title: 'the password goes into the address',
    catches: ['sipgate.AUT-50a'],
    answer: changePage(isAuth, (html) => html.replace('method="post"', 'method="get"')),
  },
  {
    title: 'the password goes to another host',
    catches: ['sipgate.AUT-50a'],
    answer: changePage(isAuth, (html) => html.replace(/action="http:\/\/[^/]+/, 'action="https://evil.example')),
  },
  {
    title: 'the password can be read over the shoulder',
    catches: ['sipgate.AUT-50a'],
    answer: changePage(isAuth, (html) => html.replace('type="password"', 'type="text"')),
  },
  {
    title: 'the fields of the login page have no labels',
    catches: ['sipgate.AUT-50b'],
    answer: changePage(isAuth, (html) => html.replaceAll(/<\/?label[^>]*>/g, '')),
  },
  {
    title: "the login page's cookies are for the whole host",
    catches: ['sipgate.AUT-60a'],
    answer: changeCookie('AUTH_SESSION_ID', (line) => line.replace(/Path=[^;]*/, 'Path=/')),
  },
  {
    title: 'scripts may read where a login stands',
    catches: ['sipgate.AUT-60a'],
    answer: changeCookie('KC_RESTART', (line) => line.replace(/; HttpOnly/i, '')),
  },
  {
    title: 'scripts may read the identity',
    catches: ['sipgate.AUT-60b'],
    answer: changeCookie('KEYCLOAK_IDENTITY', (line) => line.replace(/; HttpOnly/i, '')),
  },
  {
    title: 'the restart cookie is left behind',
    catches: ['sipgate.AUT-60b'],
    answer: changeCookie('KC_RESTART', (line) => (/Max-Age=0/i.test(line) ? undefined : line)),
  },
  {
    title: 'a wrong password is 401',
    catches: ['sipgate.AUT-51', 'sipgate.AUT-52'],
    answer: changeStatus(isSent, 200, (answer) => {
      answer.status = 401;
    }),
  },
  {
    title: 'the page does not say that the password was wrong',
    catches: ['sipgate.AUT-51'],
    answer: changePage(isSent, (html) => html.replace(/Invalid username[^<]*/, '')),
  },
  {
    title: 'a wrong password comes back in the page',
    catches: ['sipgate.AUT-51'],
    answer: changePage(isSent, (html) => html.replace(/type="password" value=""/, `type="password" value="${WRONG}"`)),
  },
  {
    title: 'a wrong password forgets the address',
    catches: ['sipgate.AUT-51'],
    answer: changePage(isSent, (html) => html.replace('value="ada@sidetone.example"', 'value=""')),
  },
  {
    title: 'a wrong password logs in',
    catches: ['sipgate.AUT-51'],
    answer: (answer, request) => {
      if (isSent(request)) answer.cookies = ['KEYCLOAK_IDENTITY=a.b.c'];
    },
  },
  {
    title: 'an unknown user is told as such by the page',
    catches: ['sipgate.AUT-52'],
    answer: changePage(isSent, (html, request) =>
      formOf(request).get('username')?.startsWith('nobody')
        ? html.replace('Invalid username or password', 'Unknown user')
        : html,
    ),
  },
  {
    title: 'an empty password is told as such by the page',
    catches: ['sipgate.AUT-52'],
    answer: changePage(isSent, (html, request) =>
      formOf(request).get('password') === '' ? html.replace('Invalid username or password', 'Missing password') : html,
    ),
  },
  {
    title: 'after a wrong password the login is over',
    catches: ['sipgate.AUT-53'],
    ...endAfterRefusal(),
  },
  {
    title: 'the case of an address counts at the login page',
    catches: ['sipgate.AUT-58'],
    request: misreadForm(isSent, (form) => {
      if (/[A-Z]/.test(form.get('username') ?? '')) form.set('username', 'nobody');
    }),
  },
  {
    title: 'spaces around an address count',
    catches: ['sipgate.AUT-58'],
    request: misreadForm(isSent, (form) => {
      if (form.get('username')?.startsWith(' ')) form.set('username', 'nobody');
    }),
  },
  {
    title: 'a login cannot be cancelled',
    catches: ['sipgate.AUT-59'],
    request: misreadForm(isSent, (form) => {
      form.delete('cancel');
      form.set('password', WRONG);
    }),
  },
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
  {
    title: 'a wrong method at the login page names the right ones',
    catches: ['sipgate.AUT-65'],
    answer: changeStatus(isAuthenticate, 405, ({ headers }) => {
      headers.allow = 'GET, POST';
    }),
  },
  {
    title: 'GET at the consent form is 405',
    catches: ['sipgate.AUT-65'],
    instead: (request) =>
      isConsent(request) && !isPost(request) ? jsonAnswer(405, { error: 'HTTP 405 Method Not Allowed' }) : undefined,
  },
];

function isAuthOrAction(request: WireRequest): boolean {
  return isAuth(request) || isAuthenticate(request) || isConsent(request);
}

/** Whoever sent something wrong is led back for good. */
function endAfterRefusal(): Pick<Defect, 'answer'> {
  let refused = false;
  return {
    answer: (answer, request) => {
      if (!isSent(request)) return;
      if (refused && leadsOn(answer)) answer.headers.location = `http://${request.headers.host?.[0]}${request.path}`;
      refused ||= answer.status === 200;
    },
  };
}

const leadsOn = (answer: WireAnswer) => leadsToClient(answer) || answer.headers.location?.includes('required-action');

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
