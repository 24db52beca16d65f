/** What a server can get wrong about sipgate's token endpoint, where Keycloak has its own ways. */
import type { Defect, WireAnswer, WireRequest } from '../broken-server.ts';
import {
  both,
  changeError,
  changeStatus,
  changeSuccess,
  formOf,
  isLoginToken,
  misreadForm,
  misreadScope,
  refuse,
  sends,
} from './token-wire.ts';

const isLogin = ({ path }: WireRequest) => /^\/(?:auth|login)\//.test(path);
const isAlias = ({ path }: WireRequest) => path.startsWith('/login/');
const hasDuplicate = (request: WireRequest) => {
  const names = [...formOf(request).keys()];
  return new Set(names).size < names.length;
};
const isMediaType = (type: string) => (request: WireRequest) => request.headers['content-type']?.[0] === type;
const setFormType = ({ headers }: WireRequest) => {
  headers['content-type'] = ['application/x-www-form-urlencoded'];
};

const likePage = ({ headers }: WireAnswer) => {
  headers['content-security-policy'] = "frame-src 'self'";
  headers['x-frame-options'] = 'SAMEORIGIN';
};

export const loginTokenDefects: Defect[] = [
  {
    title: 'an empty grant_type counts as none',
    catches: ['sipgate.TKE-02'],
    instead: refuse(both(isLoginToken, sends('grant_type', '')), 400, 'invalid_request'),
  },
  {
    title: 'of a parameter sent twice the first one counts',
    catches: ['sipgate.TKE-04', 'sipgate.TKE-19', 'sipgate.PWD-10'],
    request: misreadForm(isLoginToken, (form) => {
      for (const name of new Set(form.keys())) form.set(name, form.get(name) ?? '');
    }),
  },
  {
    title: 'only parameters that the RFC defines may not be sent twice',
    catches: ['sipgate.TKE-19'],
    request: misreadForm(isLoginToken, (form) => form.delete('sidetone_unknown')),
  },
  {
    title: 'a parameter sent twice is told before the client is looked at',
    catches: ['sipgate.TKE-20b'],
    instead: refuse(both(isLoginToken, hasDuplicate), 400, 'invalid_request'),
  },
  {
    title: 'a 405 of the login server has Allow',
    catches: ['sipgate.TKE-11', 'sipgate.TKE-14'],
    answer: changeStatus(isLogin, 405, ({ headers }) => {
      headers.allow = 'POST';
    }),
  },
  {
    title: 'GET gets a token as POST does',
    catches: ['sipgate.TKE-11'],
    request: (request) => {
      const question = request.path.indexOf('?');
      if (!isLoginToken(request) || request.method !== 'GET' || question === -1) return;
      request.method = 'POST';
      request.body = request.path.slice(question + 1);
      setFormType(request);
    },
  },
  {
    title: 'a wrong method of the login server is 404',
    catches: ['sipgate.TKE-11', 'sipgate.TKE-14', 'sipgate.LGN-01'],
    answer: changeStatus(isLogin, 405, (answer) => {
      answer.status = 404;
    }),
  },
  {
    title: 'a JSON body is read',
    catches: ['sipgate.TKE-12'],
    request: (request) => {
      if (!isLoginToken(request) || !isMediaType('application/json')(request)) return;
      request.body = new URLSearchParams(JSON.parse(request.body)).toString();
      setFormType(request);
    },
  },
  {
    title: 'a form is read whatever its media type',
    catches: ['sipgate.TKE-12'],
    request: (request) => {
      if (isLoginToken(request) && isMediaType('text/plain')(request)) setFormType(request);
    },
  },
  {
    title: 'the query is read too',
    catches: ['sipgate.TKE-13a', 'sipgate.TKE-13b', 'sipgate.PWD-14'],
    request: (request) => {
      const query = request.path.split('?')[1];
      if (isLoginToken(request) && query) request.body = [query, request.body].filter(Boolean).join('&');
    },
  },
  {
    title: 'HEAD at the token endpoint is 200',
    catches: ['sipgate.LGN-01'],
    answer: changeStatus(
      ({ method }) => method === 'HEAD',
      405,
      (answer) => {
        answer.status = 200;
      },
    ),
  },
  {
    title: 'an unknown path of a realm is a page of HTML',
    catches: ['sipgate.LGN-03'],
    answer: changeStatus(isLogin, 404, (answer) => {
      answer.body = '<h1>Page not found</h1>';
    }),
  },
  {
    title: 'a refusal lacks a security header',
    catches: ['sipgate.LGN-04'],
    answer: changeStatus(isLoginToken, 401, ({ headers }) => {
      delete headers['x-content-type-options'];
    }),
  },
  {
    title: 'a token lacks a security header',
    catches: ['sipgate.LGN-04'],
    answer: changeStatus(isLoginToken, 200, ({ headers }) => {
      delete headers['strict-transport-security'];
    }),
  },
  {
    title: 'a refusal may be kept by caches',
    catches: ['sipgate.LGN-04'],
    answer: changeStatus(isLoginToken, 401, ({ headers }) => {
      delete headers['cache-control'];
    }),
  },
  {
    title: 'an answer in JSON has the policy of a page',
    catches: ['sipgate.LGN-04'],
    answer: changeStatus(isLoginToken, 200, likePage),
  },
  {
    title: 'every empty answer has the headers of a page',
    catches: ['sipgate.LGN-04b'],
    answer: changeStatus(isLogin, 401, likePage),
  },
  {
    title: 'an empty answer says nothing of its type',
    catches: ['sipgate.LGN-04b'],
    answer: changeStatus(isLogin, 401, ({ headers }) => {
      delete headers['content-type'];
    }),
  },
  {
    title: 'an unknown path beside the token endpoint is 404 for every method',
    catches: ['sipgate.LGN-03b'],
    answer: changeStatus(isLogin, 405, (answer) => {
      answer.status = 404;
      answer.body = '{"error":"HTTP 404 Not Found"}';
    }),
  },
  {
    title: 'every path that is outside of a realm is a realm that does not exist',
    catches: ['sipgate.LGN-03'],
    answer: changeStatus(
      ({ path }) => path === '/auth/sidetone',
      404,
      (answer) => {
        answer.body = '{"error":"Realm does not exist"}';
      },
    ),
  },
  {
    title: 'OPTIONS at a page says nothing',
    catches: ['sipgate.LGN-18'],
    answer: ({ headers }, { method }) => {
      if (method !== 'OPTIONS') return;
      delete headers.allow;
      delete headers['cache-control'];
    },
  },
  {
    title: 'an unknown path anywhere in a realm is 405 to POST',
    catches: ['sipgate.LGN-03b'],
    answer: changeStatus(isLogin, 404, (answer) => {
      answer.status = 405;
      answer.body = '{"error":"HTTP 405 Method Not Allowed"}';
    }),
  },
  {
    title: 'a DPoP proof is not looked at',
    catches: ['sipgate.TKE-23'],
    request: ({ headers }) => {
      delete headers.dpop;
    },
  },
  {
    title: 'a form may have any number of parameters',
    catches: ['sipgate.TKE-24a'],
    request: misreadForm(isLoginToken, (form) => {
      for (const name of [...form.keys()]) if (/^sidetone_\d/.test(name)) form.delete(name);
    }),
  },
  {
    title: 'a form has 999 parameters at the most',
    catches: ['sipgate.TKE-24a'],
    instead: refuse(
      both(isLoginToken, (request) => formOf(request).size > 999),
      400,
      'invalid_request',
    ),
  },
  {
    title: 'a value may have any length',
    catches: ['sipgate.TKE-24b'],
    request: misreadForm(isLoginToken, (form) => {
      if (form.has('sidetone_unknown')) form.set('sidetone_unknown', '1');
    }),
  },
  {
    title: 'needless ampersands are nothing',
    catches: ['sipgate.TKE-25'],
    request: (request) => {
      request.body = request.body.replace(/&+$/, '');
    },
  },
  {
    title: 'one needless ampersand is a parameter that was sent twice',
    catches: ['sipgate.TKE-25'],
    instead: refuse(
      both(isLoginToken, ({ body }) => body.endsWith('&')),
      400,
      'invalid_request',
    ),
  },
  {
    title: 'which scopes were asked for is not repeated',
    catches: ['sipgate.TKE-26'],
    answer: changeError(isLoginToken, 'invalid_scope', (body) => {
      body.error_description = 'Invalid scopes';
    }),
  },
  {
    title: 'spaces around scopes are nothing',
    catches: ['sipgate.TKE-27'],
    request: misreadScope(isLoginToken, (scope) => scope.trim() || undefined),
  },
  {
    title: 'a scope of spaces alone is refused',
    catches: ['sipgate.TKE-27'],
    instead: refuse(both(isLoginToken, sends('scope', ' ')), 400, 'invalid_scope'),
  },
  {
    title: 'a slash behind the path of an endpoint leads elsewhere',
    catches: ['sipgate.LGN-19'],
    instead: refuse((request) => isLogin(request) && request.path.endsWith('/token/'), 404, 'HTTP 404 Not Found'),
  },
  {
    title: 'Basic is not read without padding',
    catches: ['sipgate.CAU-17'],
    request: (request) => {
      const [given = ''] = request.headers.authorization ?? [];
      if (isLoginToken(request) && given.replace(/^Basic /, '').length % 4 > 0) delete request.headers.authorization;
    },
  },
  {
    title: 'the alias knows no client credentials',
    catches: ['sipgate.LGN-06'],
    instead: refuse(both(isAlias, sends('grant_type', 'client_credentials')), 400, 'unsupported_grant_type'),
  },
  {
    title: "the alias' tokens are none of the API's",
    catches: ['sipgate.LGN-06'],
    answer: changeSuccess(isAlias, (body) => ({ ...body, access_token: `${body.access_token}x` })),
  },
];
