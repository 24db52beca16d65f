/** What a server can get wrong about an authorization request before it knows where to redirect to. */
import { type Defect, jsonAnswer, type WireRequest } from '../broken-server.ts';
import {
  changePage,
  isAuth,
  isPost,
  misread,
  misreadQuery,
  page,
  queryOf,
  redirectTo,
  refuseByRedirect,
} from './login-authorization-wire.ts';
import { both, changeStatus } from './token-wire.ts';

const asksWithout = (name: string) => (request: WireRequest) =>
  isAuth(request) && queryOf(request).has('client_id') && !queryOf(request).has(name);

/** Leads to whatever `redirect_uri` says, where it fits. */
const leadTo = (fits: (uri: string) => boolean) =>
  refuseByRedirect((request) => {
    const uri = queryOf(request).get('redirect_uri') ?? '';
    return isAuth(request) && uri !== '' && fits(uri);
  }, 'login_required');

/** Refuses a redirect URI that is good. */
const refuseUri = (fits: (uri: string) => boolean) =>
  misread('redirect_uri', (uri) => (fits(uri) ? 'https://nowhere.example/' : uri));

const EXACT = 'https://sidetone.example/callback';

export const loginAuthorizationDefects: Defect[] = [
  {
    title: 'what is refused is told to the redirect URI of the request, whatever it is',
    catches: ['AUT-01a', 'AUT-01b', 'AUT-01c', 'AUT-01d', 'AUT-01e', 'AUT-01g', 'AUT-11a', 'AUT-11b'].map(
      (id) => `sipgate.${id}`,
    ),
    answer: changeStatus(isAuth, 400, (answer, request) => {
      const uri = queryOf(request).get('redirect_uri');
      if (uri) Object.assign(answer, redirectTo(`${encodeURI(uri)}?error=invalid_request`));
    }),
  },
  {
    title: 'a client that is not known is told by redirect',
    catches: ['sipgate.AUT-02a', 'sipgate.AUT-02b', 'sipgate.AUT-02c', 'sipgate.AUT-02d', 'sipgate.AUT-16c'],
    answer: changeStatus(isAuth, 400, (answer, request) => {
      Object.assign(answer, redirectTo(`${queryOf(request).get('redirect_uri')}?error=invalid_request`));
    }),
  },
  {
    title: 'the beginning of a redirect URI is enough',
    catches: ['sipgate.AUT-01a'],
    instead: leadTo((uri) => uri.startsWith('http://localhost')),
  },
  {
    title: 'what follows a registered redirect URI does not count',
    catches: ['sipgate.AUT-01c'],
    request: misread('redirect_uri', (uri) => (uri.startsWith(EXACT) ? EXACT : uri)),
  },
  {
    title: 'the case of a redirect URI does not count',
    catches: ['sipgate.AUT-01c'],
    request: misread('redirect_uri', (uri) => (uri.toLowerCase() === EXACT ? EXACT : uri)),
  },
  {
    title: 'a wildcard host takes every host that ends the same way',
    catches: ['sipgate.AUT-01d'],
    instead: leadTo((uri) => /^https:\/\/[^/]*sidetone\.example\/callback$/.test(uri)),
  },
  {
    title: 'a wildcard host takes paths and fragments for a part of the host',
    catches: ['sipgate.AUT-01d'],
    instead: leadTo((uri) => /^https:\/\/.*\.sidetone\.example\/callback$/.test(uri)),
  },
  {
    title: 'a wildcard host is compared as it stands',
    catches: ['sipgate.AUT-01d'],
    request: refuseUri((uri) => uri.startsWith('https://one.')),
  },
  {
    title: 'a wildcard path takes its way back up',
    catches: ['sipgate.AUT-01e'],
    request: misread('redirect_uri', (uri) => uri.replace(/\/(?:\.\.|%2e%2e)\//i, '/')),
  },
  {
    title: 'a wildcard path is compared as it stands',
    catches: ['sipgate.AUT-01e'],
    request: refuseUri((uri) => uri.includes('/app/')),
  },
  {
    title: 'the query of a redirect URI is lost',
    catches: ['sipgate.AUT-01f'],
    answer: ({ headers }) => {
      if (headers.location) headers.location = headers.location.replace(/\?y=1&z=%20a&/, '?');
    },
  },
  {
    title: 'the fragment of a redirect URI is lost',
    catches: ['sipgate.AUT-01f'],
    answer: ({ headers }) => {
      if (headers.location) headers.location = headers.location.replace(/#part$/, '');
    },
  },
  {
    title: 'a wildcard path takes its way back up in front of a query',
    catches: ['sipgate.AUT-01e'],
    request: misread('redirect_uri', (uri) => uri.replace('/..?', '/x?')),
  },
  {
    title: 'where redirect_uri is left out, a wildcard path stands for its end',
    catches: ['sipgate.AUT-01j'],
    request: misreadQuery(asksWithout('redirect_uri'), (query) => {
      query.set('redirect_uri', 'https://sidetone.example/app/');
    }),
  },
  {
    title: 'a redirect URI with a state of its own is taken',
    catches: ['sipgate.AUT-01g'],
    request: misread('redirect_uri', (uri) => uri.replace('?state=mine', '')),
  },
  {
    title: 'redirect_uri can never be left out',
    catches: ['sipgate.AUT-01h'],
    instead: (request) => (asksWithout('redirect_uri')(request) ? page(400, 'Invalid parameter') : undefined),
  },
  {
    title: 'where redirect_uri is left out, the first one counts',
    catches: ['sipgate.AUT-01i'],
    request: misreadQuery(asksWithout('redirect_uri'), (query) => query.set('redirect_uri', EXACT)),
  },
  {
    title: 'a loopback address has to have the registered port',
    catches: ['sipgate.AUT-11a'],
    request: refuseUri((uri) => uri === 'http://127.0.0.1:51004/callback'),
  },
  {
    title: 'whatever has a loopback address is taken',
    catches: ['sipgate.AUT-11a'],
    instead: leadTo((uri) => new URL(uri).hostname === '127.0.0.1'),
  },
  {
    title: 'a wildcard port is compared as it stands',
    catches: ['sipgate.AUT-11b'],
    request: refuseUri((uri) => uri === 'http://localhost:51004/callback'),
  },
  {
    title: 'a wildcard port takes no path but the empty one',
    catches: ['sipgate.AUT-11c'],
    request: refuseUri((uri) => /^http:\/\/localhost:\d+\/callback$/.test(uri)),
  },
  {
    title: 'whatever has a wildcard port may be without one',
    catches: ['sipgate.AUT-11c'],
    instead: leadTo((uri) => uri === 'http://localhost/callback'),
  },
  {
    title: 'redirect URIs are https or http',
    catches: ['sipgate.AUT-11d'],
    request: refuseUri((uri) => !/^https?:/.test(uri)),
  },
  {
    title: "whatever begins with an app's URI is taken",
    catches: ['sipgate.AUT-11d'],
    instead: leadTo((uri) => uri.startsWith('example.sidetone:/callback')),
  },
  {
    title: 'a wildcard behind a slash needs the slash',
    catches: ['sipgate.AUT-01k'],
    request: refuseUri((uri) => uri === 'https://sidetone.example/app'),
  },
  {
    title: 'a wildcard behind a slash takes whatever begins like the path in front of it',
    catches: ['sipgate.AUT-01k'],
    instead: leadTo((uri) => uri.startsWith('https://sidetone.example/ap')),
  },
  {
    title: 'what a redirect URI has in front of a wildcard host is not looked at',
    catches: ['sipgate.AUT-01d'],
    instead: leadTo((uri) => /https:\/\/\w+\.sidetone\.example\/callback$/.test(uri)),
  },
  {
    title: 'an error page has status 200',
    catches: ['AUT-02a', 'AUT-02b', 'AUT-02c', 'AUT-02d', 'AUT-02f', 'AUT-19', 'AUT-20', 'AUT-21'].map(
      (id) => `sipgate.${id}`,
    ),
    answer: changeStatus(isAuth, 400, (answer) => {
      answer.status = 200;
    }),
  },
  {
    title: 'of two client ids the first counts',
    catches: ['sipgate.AUT-02c'],
    request: misread('client_id', (first) => first),
  },
  {
    title: 'a client is known to the authorization endpoint of every realm',
    catches: ['sipgate.AUT-02d'],
    request: (request) => {
      if (isAuth(request)) request.path = request.path.replace('sipgate-apps', 'third-party');
    },
  },
  {
    title: 'a program gets a page too',
    catches: ['sipgate.AUT-02e'],
    request: ({ headers }) => {
      delete headers.accept;
    },
  },
  {
    title: 'an error page does not say why',
    catches: ['sipgate.AUT-02f'],
    answer: changePage(isAuth, () => '<h1>We are sorry</h1>'),
  },
  {
    title: 'of a max_age the number in it counts',
    catches: ['sipgate.AUT-19'],
    request: misread('max_age', (value) => /\d+/.exec(value)?.[0] ?? value),
  },
  {
    title: 'a max_age that is no number is ignored',
    catches: ['sipgate.AUT-19'],
    request: misread('max_age', () => undefined),
  },
  {
    title: 'a request object is ignored',
    catches: ['sipgate.AUT-20'],
    request: misread('request', () => undefined),
  },
  {
    title: 'the address of a request object is ignored',
    catches: ['sipgate.AUT-20'],
    request: misread('request_uri', () => undefined),
  },
  {
    title: 'who is to be registered gets the login page',
    catches: ['sipgate.AUT-21', 'sipgate.AUT-02f'],
    request: misread('prompt', (prompt) => (prompt === 'create' ? undefined : prompt)),
  },
  {
    title: 'the authorization endpoint knows no POST',
    catches: ['sipgate.AUT-17a'],
    instead: (request) =>
      isAuth(request) && isPost(request) ? jsonAnswer(405, { error: 'HTTP 405 Method Not Allowed' }) : undefined,
  },
  {
    title: 'the query of a POST counts as well',
    catches: ['sipgate.AUT-17b'],
    request: (request) => {
      if (!both(isAuth, isPost)(request) || request.body !== '') return;
      request.body = queryOf(request).toString();
      request.headers['content-type'] = ['application/x-www-form-urlencoded'];
    },
  },
  {
    title: 'the parameters may be JSON',
    catches: ['sipgate.AUT-17b'],
    request: (request) => {
      if (!both(isAuth, isPost)(request) || !request.body.startsWith('{')) return;
      request.body = new URLSearchParams(JSON.parse(request.body)).toString();
      request.headers['content-type'] = ['application/x-www-form-urlencoded'];
    },
  },
  {
    title: 'HEAD at the authorization endpoint is 405',
    catches: ['sipgate.AUT-18a'],
    answer: (answer, request) => {
      if (isAuth(request) && request.method === 'HEAD') answer.status = 405;
    },
  },
];
