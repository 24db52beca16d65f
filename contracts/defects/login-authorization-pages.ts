/** What a server can get wrong about its login page: what it says and sets, and what it makes of a password. */
import type { Defect, WireAnswer, WireRequest } from '../broken-server.ts';
import {
  changeCookie,
  changeHeaders,
  changePage,
  isAuth,
  isAuthenticate,
  isConsent,
  isPost,
  leadsToClient,
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
    title: 'cookies are for https alone, whatever they are set over',
    catches: ['sipgate.AUT-60c'],
    answer: changeCookie('KC_RESTART', (line) => `${line}; Secure`),
  },
  {
    title: 'a cookie goes with requests of every site, though it is not Secure',
    catches: ['sipgate.AUT-60c'],
    answer: changeCookie('KC_RESTART', (line) => line.replace(/SameSite=Lax/i, 'SameSite=None')),
  },
  {
    title: 'scripts may not see whether there is a session',
    catches: ['sipgate.AUT-60b'],
    answer: changeCookie('KEYCLOAK_SESSION', (line) => `${line}; HttpOnly`),
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
