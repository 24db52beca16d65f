/** What a server can get wrong about answering an authorization request: what it takes, and what the client is told. */
import type { Defect, WireRequest } from '../broken-server.ts';
import {
  asks,
  changePage,
  changeRedirect,
  isAuth,
  isPost,
  leadsToClient,
  misread,
  misreadQuery,
  page,
  queryOf,
  refuseByRedirect,
} from './login-authorization-wire.ts';
import { changeStatus } from './token-wire.ts';

const asksWith = (name: string) => (request: WireRequest) => isAuth(request) && queryOf(request).has(name);
const isAny = () => true;
const isFormPost = (html: string) => html.includes('onload=');

export const loginAuthorizationAnswerDefects: Defect[] = [
  {
    title: 'an unknown authorization parameter is refused',
    catches: ['sipgate.AUT-07a'],
    instead: refuseByRedirect(asksWith('sidetone'), 'invalid_request'),
  },
  {
    title: 'a client_secret in the query is looked at',
    catches: ['sipgate.AUT-07b', 'sipgate.AUT-06c'],
    instead: (request) => (asksWith('client_secret')(request) ? page(400, 'Invalid client secret') : undefined),
  },
  {
    title: 'an unknown prompt is refused',
    catches: ['sipgate.AUT-07c', 'sipgate.AUT-34b'],
    instead: refuseByRedirect(asks('prompt', 'sidetone'), 'invalid_request'),
  },
  {
    title: 'a scope has to be asked for',
    catches: ['sipgate.AUT-07d'],
    instead: refuseByRedirect((request) => isAuth(request) && !asksWith('scope')(request), 'invalid_scope'),
  },
  {
    title: 'a scope may not stand twice',
    catches: ['sipgate.AUT-07d'],
    instead: refuseByRedirect(asks('scope', 'account:read account:read'), 'invalid_scope'),
  },
  {
    title: 'a state is kept to 255 characters',
    catches: ['sipgate.AUT-14a'],
    request: misread('state', (state) => state.slice(0, 255)),
  },
  {
    title: 'a state is kept as ASCII',
    catches: ['sipgate.AUT-14a'],
    answer: changeRedirect((parameters) => {
      parameters.set('state', (parameters.get('state') ?? '').replace(/[^ -~]/g, '?'));
      return parameters;
    }),
  },
  {
    title: 'a state of any length comes back',
    catches: ['sipgate.AUT-14b'],
    answer: changeRedirect((parameters, request) => {
      const state = queryOf(request).get('state');
      if (state !== null) parameters.set('state', state);
      return parameters;
    }),
  },
  {
    title: 'where no state is sent, an empty one comes back',
    catches: ['sipgate.AUT-14b', 'sipgate.AUT-08e'],
    answer: changeRedirect((parameters) => {
      if (!parameters.has('state')) parameters.set('state', '');
      return parameters;
    }),
  },
  {
    title: 'an empty state counts as none',
    catches: ['sipgate.AUT-14a', 'sipgate.AUT-08e'],
    request: misread('state', (state) => state || undefined),
  },
  {
    title: 'a redirect is encoded as the URL standard has it',
    catches: ['sipgate.AUT-14c'],
    answer: changeRedirect((parameters) => parameters),
  },
  {
    title: 'response_mode is ignored',
    catches: ['sipgate.AUT-15c', 'sipgate.AUT-15d', 'sipgate.AUT-15e', 'sipgate.AUT-15f'],
    request: misread('response_mode', () => undefined),
  },
  {
    title: 'response_mode=query is refused',
    catches: ['sipgate.AUT-15g'],
    instead: refuseByRedirect(asks('response_mode', 'query'), 'invalid_request'),
  },
  {
    title: 'a page that posts to the client may be stored',
    catches: ['sipgate.AUT-15d', 'sipgate.AUT-15f'],
    answer: ({ headers, body }) => {
      if (isFormPost(body)) delete headers['cache-control'];
    },
  },
  {
    title: 'form_post posts to the login server itself',
    catches: ['sipgate.AUT-15d', 'sipgate.AUT-15f'],
    answer: changePage(isAny, (html) => (isFormPost(html) ? html.replace(/action="[^"]*"/, 'action="/post"') : html)),
  },
  {
    title: 'form_post leaves the state out',
    catches: ['sipgate.AUT-15d', 'sipgate.AUT-15f'],
    answer: changePage(isAny, (html) => (isFormPost(html) ? html.replace('name="state"', 'name="other"') : html)),
  },
  {
    title: 'login_hint is ignored',
    catches: ['sipgate.AUT-36'],
    request: misread('login_hint', () => undefined),
  },
  {
    title: 'login_hint stands in the page as it was sent',
    catches: ['sipgate.AUT-36'],
    answer: changePage(asksWith('login_hint'), (html, request) => `${html}${queryOf(request).get('login_hint')}`),
  },
  {
    title: 'an answer has no code',
    catches: ['sipgate.AUT-08a', 'sipgate.AUT-08b', 'sipgate.AUT-15e'],
    answer: changeRedirect((parameters) => {
      parameters.delete('code');
      return parameters;
    }),
  },
  {
    title: 'an answer has another state',
    catches: ['sipgate.AUT-08a', 'sipgate.AUT-71'],
    answer: changeRedirect((parameters) => {
      parameters.set('state', 'other');
      return parameters;
    }),
  },
  {
    title: 'response_type=none gives a code all the same',
    catches: ['sipgate.AUT-08f'],
    request: misread('response_type', (type) => (type === 'none' ? 'code' : type)),
  },
  {
    title: 'a code says nothing of its session',
    catches: ['sipgate.AUT-08g'],
    answer: changeRedirect((parameters) => {
      if (parameters.has('code')) parameters.set('code', `a.b.${parameters.get('code')?.replaceAll('.', '')}`);
      return parameters;
    }),
  },
  {
    title: 'a session has one code',
    catches: ['sipgate.AUT-08g'],
    answer: changeRedirect((parameters) => {
      if (parameters.has('code')) parameters.set('code', `a.${parameters.get('session_state')}.c`);
      return parameters;
    }),
  },
  {
    title: 'a password is answered by a redirect that repeats it',
    catches: ['sipgate.AUT-09'],
    answer: changeStatus(isPost, 302, (answer) => {
      answer.status = 307;
    }),
  },
  {
    title: 'a user who is logged in has to log in again',
    catches: ['sipgate.AUT-31', 'sipgate.AUT-34b', 'sipgate.AUT-73a', 'sipgate.AUT-37a'],
    request: misreadQuery(
      (request) =>
        isAuth(request) && !asksWith('max_age')(request) && / KEYCLOAK_IDENTITY=/.test(` ${request.headers.cookie}`),
      (query) => query.set('prompt', 'login'),
    ),
  },
  {
    title: 'prompt=none asks for consent',
    catches: ['sipgate.AUT-32'],
    request: misread('prompt', () => undefined),
  },
  {
    title: 'prompt=none without consent is login_required',
    catches: ['sipgate.AUT-32'],
    answer: changeRedirect((parameters) => {
      if (parameters.get('error') === 'interaction_required') parameters.set('error', 'login_required');
      return parameters;
    }),
  },
  {
    title: 'prompt=login is ignored',
    catches: ['sipgate.AUT-33a'],
    request: misread('prompt', (prompt) => (prompt === 'login' ? undefined : prompt)),
  },
  {
    title: 'who has to log in again begins from the start',
    catches: ['sipgate.AUT-33a', 'sipgate.AUT-35b'],
    answer: changePage(isAuth, (html) =>
      html.includes('name="username"') ? html : html.replace('</form>', '<input name="username"></form>'),
    ),
  },
  {
    title: 'every login is a new session',
    catches: ['sipgate.AUT-33b', 'sipgate.AUT-37a', 'sipgate.AUT-61'],
    ...countSessions(),
  },
  {
    title: 'prompt=none goes before login',
    catches: ['sipgate.AUT-34a'],
    request: misread('prompt', (prompt) => (prompt.includes('none') ? 'none' : prompt)),
  },
  {
    title: 'a login_hint of somebody else asks who it is',
    catches: ['sipgate.AUT-34b'],
    request: misreadQuery(asksWith('login_hint'), (query) => query.set('prompt', 'login')),
  },
  {
    title: 'max_age is ignored',
    catches: ['sipgate.AUT-35b'],
    request: misread('max_age', () => undefined),
  },
  {
    title: 'max_age always asks',
    catches: ['sipgate.AUT-35a', 'sipgate.AUT-35b'],
    request: misread('max_age', () => '-1'),
  },
  {
    title: 'max_age is over a second too early',
    catches: ['sipgate.AUT-35b'],
    request: misread('max_age', (seconds) => `${Number(seconds) - 1}`),
  },
  {
    title: 'the page that asks for the password once more does not say whose',
    catches: ['sipgate.AUT-33a'],
    answer: changePage(isAuth, (html) => html.replace(/<strong>[^<]*@[^<]*<\/strong>/, '')),
  },
  {
    title: 'max_age is taken for minutes',
    catches: ['sipgate.AUT-35b'],
    request: misread('max_age', (seconds) => `${Number(seconds) * 60}`),
  },
  {
    title: 'a login at one realm is one at all',
    catches: ['sipgate.AUT-37b'],
    answer: (answer, request) => {
      if (!request.path.includes('/sipgate-apps/') || !leadsToClient(answer)) return;
      answer.headers.location = answer.headers.location?.replace('error=login_required', 'code=x') ?? '';
    },
  },
  {
    title: "an identity's signature is not looked at",
    catches: ['sipgate.AUT-38', 'sipgate.AUT-38b'],
    ...believeIdentities(),
  },
];

/** Takes a forged identity for the one that was given out last. */
function believeIdentities(): Pick<Defect, 'request' | 'answer'> {
  let identity = '';
  return {
    request: ({ headers }) => {
      const [cookie] = headers.cookie ?? [];
      if (cookie) headers.cookie = [cookie.replace(/KEYCLOAK_IDENTITY=[^;]*/, identity)];
    },
    answer: ({ cookies = [] }) => {
      const given = cookies.find((line) => line.startsWith('KEYCLOAK_IDENTITY='));
      identity = given?.split(';')[0] ?? identity;
    },
  };
}

function countSessions(): Pick<Defect, 'answer'> {
  let sessions = 0;
  return {
    answer: changeRedirect((parameters) => {
      sessions += 1;
      parameters.set('session_state', `${sessions}`);
      return parameters;
    }),
  };
}
