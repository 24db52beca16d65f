/** What a server can get wrong about userinfo: what it tells, and whom it refuses by which challenge. */
import type { Defect, WireAnswer, WireRequest } from '../broken-server.ts';
import { deduplicate, has, isUserinfo, queryOf } from './login-session-wire.ts';
import { answerInstead, authorizationOf, jwtOf } from './sipgate-wire.ts';
import { both, changeStatus, changeSuccess, refuse } from './token-wire.ts';

const ALLOWED = 'access-control-allow-origin';
const isPost = ({ method }: WireRequest) => method === 'POST';
const isPreflight = ({ method }: WireRequest) => method === 'OPTIONS';

const FORGED = ['a', 'b', 'c', 'd'].map((suffix) => `sipgate.USR-14${suffix}`);
const BAD_TOKENS = [
  'sipgate.USR-04a',
  'sipgate.USR-04b',
  'sipgate.USR-05a',
  'sipgate.USR-05b',
  'sipgate.USR-09',
  ...FORGED,
];
const NO_TOKEN = ['a', 'b', 'c', 'd', 'e'].map((suffix) => `sipgate.USR-03${suffix}`).concat('sipgate.USR-07');

/** The error attribute of each challenge. */
const sayError = (error: string | undefined) => (answer: WireAnswer, request: WireRequest) => {
  if (!isUserinfo(request) || answer.headers['www-authenticate'] === undefined) return;
  answer.headers['www-authenticate'] = `Bearer realm="sipgate-apps"${error === undefined ? '' : `, error="${error}"`}`;
};

export const loginUserinfoDefects: Defect[] = [
  {
    title: 'the user is text/plain',
    catches: ['sipgate.USR-01a'],
    answer: changeStatus(isUserinfo, 200, ({ headers }) => {
      headers['content-type'] = 'text/plain';
    }),
  },
  {
    title: 'the user has no subject',
    catches: ['sipgate.USR-01a'],
    answer: changeSuccess(isUserinfo, ({ sub: _, ...body }) => body),
  },
  {
    title: "the subject is the API's user id",
    catches: ['sipgate.USR-01b', 'sipgate.USR-13'],
    answer: changeSuccess(isUserinfo, (body) => ({ ...body, sub: 'w0' })),
  },
  {
    title: 'the user may be stored',
    catches: ['sipgate.USR-01c'],
    answer: changeStatus(isUserinfo, 200, ({ headers }) => {
      headers['cache-control'] = 'no-cache';
    }),
  },
  {
    title: 'the user is not stored, but may be used again unasked',
    catches: ['sipgate.USR-01c'],
    answer: changeStatus(isUserinfo, 200, ({ headers }) => {
      headers['cache-control'] = 'no-store';
    }),
  },
  {
    title: 'the refusal of an origin may be kept by caches',
    catches: ['sipgate.USR-12b'],
    answer: changeStatus(isUserinfo, 403, ({ headers }) => {
      delete headers['cache-control'];
    }),
  },
  {
    title: 'the scheme name Bearer is compared with its case at userinfo',
    catches: ['sipgate.USR-01d'],
    request: (request) => {
      if (isUserinfo(request) && !authorizationOf(request).startsWith('Bearer ')) delete request.headers.authorization;
    },
  },
  {
    title: 'a POST is asked for its form alone',
    catches: ['sipgate.USR-02a'],
    request: (request) => {
      if (isUserinfo(request) && isPost(request)) delete request.headers.authorization;
    },
  },
  {
    title: 'the form is not read at userinfo',
    catches: ['sipgate.USR-02b', 'sipgate.USR-04b', 'sipgate.USR-08a', 'sipgate.USR-08b'],
    request: (request) => {
      if (isUserinfo(request)) request.body = '';
    },
  },
  {
    title: 'a service account is no user',
    catches: ['sipgate.USR-13'],
    answer: answerInstead(403, (_, request) => isUserinfo(request) && jwtOf(request).claims.sid === undefined),
  },
  {
    title: 'a refusal for want of a token names an error',
    catches: NO_TOKEN,
    answer: sayError('invalid_token'),
  },
  {
    title: 'a refusal names no error',
    catches: [
      ...BAD_TOKENS,
      'sipgate.USR-06',
      'sipgate.USR-08a',
      'sipgate.USR-08b',
      'sipgate.USR-04c',
      'sipgate.REV-01c',
    ],
    answer: sayError(undefined),
  },
  {
    title: 'userinfo lets everybody in',
    catches: [...NO_TOKEN, ...BAD_TOKENS, 'sipgate.REV-01c'],
    answer: changeStatus(isUserinfo, 401, (answer) => {
      answer.status = 200;
    }),
  },
  {
    title: 'a refusal of userinfo has a body',
    catches: [...NO_TOKEN, ...BAD_TOKENS, 'sipgate.USR-06'],
    answer: (answer, request) => {
      if (isUserinfo(request) && answer.status >= 400) answer.body = '{"error":"invalid_token"}';
    },
  },
  {
    title: 'userinfo needs no openid',
    catches: ['sipgate.USR-06', 'sipgate.USR-06b', 'sipgate.RFT-02a', 'sipgate.RFT-03b'],
    answer: changeStatus(isUserinfo, 403, (answer) => {
      answer.status = 200;
    }),
  },
  {
    title: 'userinfo takes a token in the query',
    catches: ['sipgate.USR-07'],
    request: (request) => {
      const token = queryOf(request).get('access_token');
      if (isUserinfo(request) && token) request.headers.authorization = [`Bearer ${token}`];
    },
  },
  {
    title: 'the header beats the form at userinfo',
    catches: ['sipgate.USR-08a'],
    request: (request) => {
      if (isUserinfo(request) && authorizationOf(request) !== '') request.body = '';
    },
  },
  {
    title: 'of two tokens in the form the first one counts',
    catches: ['sipgate.USR-08b'],
    request: (request) => {
      if (both(isUserinfo, has('access_token'))(request)) deduplicate(request);
    },
  },
  {
    title: 'a token is good in every realm',
    catches: ['sipgate.USR-09'],
    request: (request) => {
      const realm = /\/realms\/([^/]+)$/.exec(String(jwtOf(request).claims.iss))?.[1];
      if (isUserinfo(request) && realm) request.path = request.path.replace(/\/realms\/[^/]+/, `/realms/${realm}`);
    },
  },
  {
    title: 'every challenge names one realm',
    catches: ['sipgate.USR-10'],
    answer: sayError('invalid_token'),
  },
  {
    title: 'pages of any origin are told of the user',
    catches: ['sipgate.USR-12b'],
    request: (request) => {
      if (isUserinfo(request)) delete request.headers.origin;
    },
  },
  {
    title: 'no page may read an answer of userinfo',
    catches: ['sipgate.USR-12a', 'sipgate.USR-12c', 'sipgate.USR-12d'],
    answer: ({ headers }, request) => {
      if (isUserinfo(request)) delete headers[ALLOWED];
    },
  },
  {
    title: 'no page may read the challenge of userinfo',
    catches: ['sipgate.USR-12c'],
    answer: ({ headers }, request) => {
      if (isUserinfo(request)) delete headers['access-control-expose-headers'];
    },
  },
  {
    title: 'a preflight of userinfo allows no Authorization',
    catches: ['sipgate.USR-12d'],
    answer: ({ headers }, request) => {
      if (isUserinfo(request) && isPreflight(request)) headers['access-control-allow-headers'] = 'content-type';
    },
  },
  {
    title: 'there is no preflight at userinfo',
    catches: ['sipgate.USR-12d'],
    instead: refuse(both(isUserinfo, isPreflight), 405, 'HTTP 405 Method Not Allowed'),
  },
  {
    title: 'HEAD at userinfo is 200',
    catches: ['sipgate.USR-11b'],
    answer: changeStatus(
      both(isUserinfo, ({ method }) => method === 'HEAD'),
      401,
      (answer) => {
        answer.status = 200;
      },
    ),
  },
];
