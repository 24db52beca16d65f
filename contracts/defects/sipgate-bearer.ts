/** What a server can get wrong about Bearer tokens at sipgate's REST API. */
import type { Defect } from '../broken-server.ts';
import { authorizationOf, jwtOf, letIn } from './sipgate-wire.ts';

export const sipgateBearerDefects: Defect[] = [
  {
    title: 'a 401 has a body',
    catches: ['sipgate.BRR-01a'],
    answer: (answer) => {
      if (answer.status === 401) answer.body = '{"error":"unauthorized"}';
    },
  },
  {
    title: 'a 401 has no challenge',
    catches: ['sipgate.BRR-01b', 'sipgate.BRR-15'],
    answer: ({ headers }) => {
      delete headers['www-authenticate'];
    },
  },
  {
    title: 'a request without credentials is told of an invalid token',
    catches: ['sipgate.BRR-01b'],
    answer: ({ headers }) => {
      headers['www-authenticate'] = 'Bearer realm="sipgate", error="invalid_token"';
    },
  },
  {
    title: 'a random bearer token is answered without an error code',
    catches: ['sipgate.BRR-03'],
    answer: (answer) => {
      answer.headers['www-authenticate'] = 'Bearer realm="sipgate"';
    },
  },
  {
    title: 'Bearer without a token passes',
    catches: ['sipgate.BRR-07a'],
    request: letIn((request) => authorizationOf(request) === 'Bearer'),
  },
  {
    title: 'the first thing in the Bearer credentials that could be a token is taken for it',
    catches: ['sipgate.BRR-07b'],
    request: (request) => {
      const token = /^Bearer [ "]*([\w.-]+)/.exec(authorizationOf(request))?.[1];
      if (token) request.headers.authorization = [`Bearer ${token}`];
    },
  },
  {
    title: 'quotes around a token are dropped',
    catches: ['sipgate.BRR-07b'],
    request: (request) => {
      if (request.headers.authorization) {
        request.headers.authorization = [authorizationOf(request).replaceAll('"', '')];
      }
    },
  },
  {
    title: 'a token in the query is taken',
    catches: ['sipgate.BRR-09'],
    request: ({ path, headers }) => {
      const token = new URLSearchParams(path.split('?')[1]).get('access_token');
      if (token) headers.authorization = [`Bearer ${token}`];
    },
  },
  {
    title: 'the scheme name is compared with its case',
    catches: ['sipgate.BRR-10'],
    request: ({ headers }) => {
      if (headers.authorization?.[0]?.startsWith('bearer ')) headers.authorization = ['Nothing'];
    },
  },
  {
    title: 'a token in a form body is taken, whatever the method',
    catches: ['sipgate.BRR-11'],
    request: ({ method, body, headers }) => {
      const token = new URLSearchParams(body).get('access_token');
      if (method === 'GET' && token) headers.authorization = [`Bearer ${token}`];
    },
  },
  {
    title: 'the name of the scheme is not looked at',
    catches: ['sipgate.BRR-12'],
    request: (request) => {
      const token = / (.*)$/.exec(authorizationOf(request))?.[1];
      if (token) request.headers.authorization = [`Bearer ${token}`];
    },
  },
  {
    title: 'the Bearer challenge has no realm',
    catches: ['sipgate.BRR-15'],
    answer: ({ headers }) => {
      headers['www-authenticate'] = 'Basic realm="sipgate", Bearer error="invalid_token"';
    },
  },
  {
    title: 'the same challenge is sent twice',
    catches: ['sipgate.BRR-15'],
    answer: ({ headers }) => {
      headers['www-authenticate'] = 'Basic realm="sipgate", Basic realm="sipgate"';
    },
  },
  {
    title: 'of two Authorization lines the first is taken',
    catches: ['sipgate.BRR-17'],
    request: ({ headers }) => {
      headers.authorization &&= headers.authorization.slice(0, 1);
    },
  },
  {
    title: 'HEAD needs no credentials',
    catches: ['sipgate.BRR-20'],
    request: letIn(({ method }) => method === 'HEAD'),
  },
  {
    title: 'HEAD has no challenges',
    catches: ['sipgate.BRR-20'],
    answer: ({ headers }, { method }) => {
      if (method === 'HEAD') delete headers['www-authenticate'];
    },
  },
  {
    title: 'a refused credential is repeated in the answer',
    catches: ['sipgate.BRR-22'],
    answer: ({ headers }, request) => {
      headers['x-refused'] = authorizationOf(request);
    },
  },
];

export const sipgateBearerForgeryDefects: Defect[] = [
  {
    title: 'any kind of JWT is taken for an access token',
    catches: ['sipgate.BRR-13a', 'sipgate.BRR-13b'],
    request: letIn((request) => ['Refresh', 'ID'].includes(String(jwtOf(request).claims.typ))),
  },
  {
    title: 'the algorithm none is accepted',
    catches: ['sipgate.BRR-14a'],
    request: letIn((request) => jwtOf(request).header.alg === 'none'),
  },
  {
    title: 'RS256 signatures are not verified',
    catches: ['sipgate.BRR-14b', 'sipgate.BRR-14c', 'sipgate.BRR-14d'],
    request: letIn((request) => jwtOf(request).header.alg === 'RS256'),
  },
  {
    title: 'a token says itself by which algorithm it is verified',
    catches: ['sipgate.BRR-14e'],
    request: letIn((request) => jwtOf(request).header.alg === 'HS256'),
  },
];
