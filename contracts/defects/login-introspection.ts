/** What a server can get wrong about introspection: what it tells of tokens, and whom it tells. */
import type { Defect, WireRequest } from '../broken-server.ts';
import { deduplicate, endsEverything, isIntrospect, readJson } from './login-session-wire.ts';
import { both, changeError, changeStatus, changeSuccess, formOf, misreadForm, refuse } from './token-wire.ts';

const ALLOWED = 'access-control-allow-origin';
const isPreflight = ({ method }: WireRequest) => method === 'OPTIONS';
const INACTIVE = [
  'sipgate.INT-01b',
  'sipgate.INT-02a',
  'sipgate.INT-02b',
  'sipgate.INT-02c',
  'sipgate.INT-02d',
  'sipgate.INT-02e',
  'sipgate.INT-02f',
  'sipgate.INT-08',
];

export const loginIntrospectionDefects: Defect[] = [
  {
    title: 'every token is active',
    catches: INACTIVE,
    answer: changeSuccess(isIntrospect, (body) => ({ ...body, active: true })),
  },
  {
    title: 'an inactive token is told of',
    catches: INACTIVE,
    answer: changeSuccess(isIntrospect, (body) => (body.active ? body : { ...body, token_type: 'Bearer' })),
  },
  {
    title: 'no token is active',
    catches: [
      'sipgate.INT-01a',
      'sipgate.INT-01c',
      'sipgate.INT-01d',
      'sipgate.INT-01e',
      'sipgate.INT-01f',
      'sipgate.INT-02c',
      'sipgate.INT-02d',
      'sipgate.INT-02e',
      'sipgate.INT-02f',
      'sipgate.INT-03e',
      'sipgate.INT-04',
    ],
    answer: changeSuccess(isIntrospect, () => ({ active: false })),
  },
  {
    title: 'introspection does not say whose token it is',
    catches: ['sipgate.INT-01a', 'sipgate.INT-01d'],
    answer: changeSuccess(isIntrospect, ({ username: _, ...body }) => body),
  },
  {
    title: 'introspection names another user',
    catches: ['sipgate.INT-01d'],
    answer: changeSuccess(isIntrospect, (body) => (body.active ? { ...body, username: 'bob' } : body)),
  },
  {
    title: 'introspection of a refresh token does not say when the user logged in',
    catches: ['sipgate.INT-01d', 'sipgate.INT-01f'],
    answer: changeSuccess(isIntrospect, ({ auth_time: _, ...body }) => body),
  },
  {
    title: 'an offline token has an end at introspection',
    catches: ['sipgate.INT-01f'],
    answer: changeSuccess(isIntrospect, (body) => (body.active ? { exp: body.iat, ...body } : body)),
  },
  {
    title: 'what introspection tells may be kept by caches',
    catches: ['sipgate.INT-01a'],
    answer: changeStatus(isIntrospect, 200, ({ headers }) => {
      delete headers['cache-control'];
    }),
  },
  {
    title: 'introspection does not say whose client it is',
    catches: ['sipgate.INT-01a', 'sipgate.INT-01c', 'sipgate.INT-01d'],
    answer: changeSuccess(isIntrospect, ({ client_id: _, ...body }) => body),
  },
  {
    title: 'introspection says no scope',
    catches: ['sipgate.INT-01c'],
    answer: changeSuccess(isIntrospect, ({ scope: _, ...body }) => body),
  },
  {
    title: 'introspection says times as strings',
    catches: ['sipgate.INT-01a', 'sipgate.INT-04'],
    answer: changeSuccess(isIntrospect, (body) =>
      body.active ? { ...body, exp: String(body.exp), iat: String(body.iat) } : body,
    ),
  },
  {
    title: 'introspection finds a refresh token without a hint',
    catches: ['sipgate.INT-01d'],
    request: misreadForm(isIntrospect, (form) => {
      if (!form.has('token_type_hint')) form.set('token_type_hint', 'refresh_token');
    }),
  },
  {
    title: 'introspection looks beyond the hint',
    catches: ['sipgate.INT-02b'],
    request: misreadForm(isIntrospect, (form) => form.delete('token_type_hint')),
  },
  {
    title: 'introspection spends the token',
    catches: ['sipgate.INT-01e'],
    answer: endsEverything((_, request) => isIntrospect(request)),
  },
  {
    title: 'introspection needs no client',
    catches: ['a', 'b', 'c', 'f', 'g'].map((suffix) => `sipgate.INT-03${suffix}`).concat('sipgate.INT-07a'),
    answer: changeStatus(isIntrospect, 401, (answer) => {
      answer.status = 200;
    }),
  },
  {
    title: 'a wrong secret is unauthorized_client at introspection too',
    catches: ['sipgate.INT-03b', 'sipgate.INT-03f'],
    answer: changeError(isIntrospect, 'invalid_client', (body) => {
      if (String(body.error_description).includes('failed')) body.error = 'unauthorized_client';
    }),
  },
  {
    title: 'a public client is told of tokens',
    catches: ['sipgate.INT-03d'],
    answer: changeStatus(isIntrospect, 403, (answer) => {
      answer.status = 200;
    }),
  },
  {
    title: 'Basic is not read at introspection',
    catches: ['sipgate.INT-03e', 'sipgate.MET-11b'],
    request: (request) => {
      if (isIntrospect(request)) delete request.headers.authorization;
    },
  },
  {
    title: 'a missing token is told before the client at introspection',
    catches: ['sipgate.INT-03f'],
    instead: refuse(
      both(isIntrospect, (request) => !formOf(request).has('token')),
      400,
      'invalid_request',
    ),
  },
  {
    title: 'introspection refuses no request',
    catches: ['sipgate.INT-05a', 'sipgate.INT-05b', 'sipgate.INT-06'],
    answer: changeStatus(isIntrospect, 400, (answer) => {
      answer.status = 200;
    }),
  },
  {
    title: 'of two tokens the first one is told of',
    catches: ['sipgate.INT-05b'],
    request: (request) => {
      if (isIntrospect(request)) deduplicate(request);
    },
  },
  {
    title: 'introspection reads JSON',
    catches: ['sipgate.INT-07a'],
    request: (request) => {
      if (isIntrospect(request)) readJson(request);
    },
  },
  {
    title: 'any page may read what introspection tells',
    catches: ['sipgate.INT-08', 'sipgate.INT-09'],
    answer: ({ headers }, request) => {
      if (isIntrospect(request)) headers[ALLOWED] = '*';
    },
  },
  {
    title: 'there is no OPTIONS at introspection',
    catches: ['sipgate.INT-09'],
    instead: refuse(both(isIntrospect, isPreflight), 405, 'HTTP 405 Method Not Allowed'),
  },
];
