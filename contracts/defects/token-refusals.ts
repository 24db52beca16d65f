/** What a server can get wrong about the refusal of a token request. */
import type { WireAnswer } from '../broken-server.ts';
import { authorizationOf, pairOf } from './sipgate-wire.ts';
import { atEachPlace } from './token-places.ts';
import { both, changeError, formOf, lacks, misreadForm, misreadScope, refuse, sends } from './token-wire.ts';

const isRefusal = ({ status }: WireAnswer) => status === 400 || status === 401;

export const tokenRefusalDefects = atEachPlace(({ provider, isToken, scope }) => [
  {
    title: 'a missing grant_type means client credentials',
    catches: ['TKE-01'],
    request: misreadForm(isToken, (form) => {
      if (!form.has('grant_type')) form.set('grant_type', 'client_credentials');
    }),
  },
  {
    title: 'an unknown grant_type is invalid_grant',
    catches: ['TKE-03'],
    answer: changeError(isToken, 'unsupported_grant_type', (body) => {
      body.error = 'invalid_grant';
    }),
  },
  {
    title: 'the client is looked at before grant_type',
    catches: ['TKE-20a'],
    instead: refuse(both(isToken, sends('client_id', 'sidetone-no-such-client')), 401, 'invalid_client'),
  },
  {
    title: 'an unknown scope alone is ignored',
    catches: ['TKE-05a'],
    request: misreadScope(isToken, (asked) => (asked.startsWith('sidetone') ? scope : asked)),
  },
  {
    title: 'unknown scopes among good ones are left out',
    catches: ['TKE-05b'],
    request: misreadScope(isToken, (asked) => asked.replace(/ sidetone\S*/, '')),
  },
  {
    title: 'the case of a scope has no meaning',
    catches: ['TKE-05c'],
    request: misreadScope(isToken, (asked) => asked.toLowerCase()),
  },
  {
    title: 'the beginning of a scope is enough',
    catches: ['TKE-05d'],
    request: misreadScope(isToken, (asked) => (scope.startsWith(asked) ? scope : asked)),
  },
  {
    title: 'a scope may be a pattern',
    catches: ['TKE-05d'],
    request: misreadScope(isToken, (asked) => asked.replace(/\*$/, 'read')),
  },
  {
    title: 'quotes and backslashes in a scope are ignored',
    catches: ['TKE-06'],
    request: misreadScope(isToken, (asked) => asked.replace(/["\\]/g, '')),
  },
  ...(provider === 'sipgate'
    ? [
        {
          title: 'a tab divides scopes as a space does',
          catches: ['TKE-06'],
          request: misreadScope(isToken, (asked) => asked.replaceAll('\t', ' ')),
        },
      ]
    : []),
  {
    title: 'an unknown scope has an error code of its own',
    catches: ['TKE-08'],
    answer: changeError(isToken, 'invalid_scope', (body) => {
      body.error = 'unknown_scope';
    }),
  },
  {
    title: 'a refusal is a page of HTML',
    catches: ['TKE-08'],
    answer: (answer, request) => {
      if (!isToken(request) || !isRefusal(answer)) return;
      answer.headers['content-type'] = 'text/html';
      answer.body = '<h1>Refused</h1>';
    },
  },
  {
    title: 'the description quotes what was sent',
    catches: ['TKE-09'],
    answer: changeError(isToken, 'invalid_scope', (body, _, request) => {
      body.error_description = `no scope "${formOf(request).get('scope')}"`;
    }),
  },
  {
    title: 'a refusal may be stored',
    catches: ['TKE-21'],
    answer: (answer, request) => {
      if (isToken(request) && isRefusal(answer)) delete answer.headers['cache-control'];
    },
  },
  {
    title: 'a refusal repeats the secret of the form',
    catches: ['TKE-18'],
    answer: (answer, request) => {
      if (isToken(request)) answer.headers['x-debug'] = formOf(request).get('client_secret') ?? '';
    },
  },
  {
    title: 'a refusal repeats the Authorization header',
    catches: ['TKE-18'],
    answer: (answer, request) => {
      if (isToken(request)) answer.headers['x-debug'] = authorizationOf(request);
    },
  },
  {
    title: 'an unknown client is 400',
    catches: ['CAU-04'],
    answer: changeError(both(isToken, sends('client_id', 'sidetone-no-such-client')), 'invalid_client', (_, answer) => {
      answer.status = 400;
    }),
  },
  {
    title: 'an unknown client is another error by Basic',
    catches: ['CAU-04'],
    answer: changeError(isToken, 'invalid_client', (body, _, request) => {
      if (pairOf(request) !== '') body.error = 'unauthorized_client';
    }),
  },
  {
    title: 'no client at all is 400 invalid_request',
    catches: ['CAU-05a'],
    instead: refuse(
      both(isToken, lacks('client_id'), (request) => authorizationOf(request) === ''),
      400,
      'invalid_request',
    ),
  },
  {
    title: 'Basic that is not Base64 is 400',
    catches: ['CAU-08'],
    instead: refuse(
      both(isToken, (request) => authorizationOf(request).includes('!')),
      400,
      'invalid_request',
    ),
  },
  {
    title: 'Basic without a colon is 400',
    catches: ['CAU-08'],
    instead: refuse(
      both(isToken, (request) => /^[^:]+$/.test(pairOf(request))),
      400,
      'invalid_request',
    ),
  },
  {
    title: 'any scheme is taken for Basic',
    catches: ['CAU-11'],
    request: (request) => {
      const changed = authorizationOf(request).replace(/^Bearer /, 'Basic ');
      if (isToken(request) && changed !== '') request.headers.authorization = [changed];
    },
  },
]);
