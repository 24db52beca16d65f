/** What a server can get wrong about the answer to a right token request. */
import type { Defect, WireAnswer } from '../broken-server.ts';
import { authorizationOf } from './sipgate-wire.ts';
import { atEachPlace, unauthorized } from './token-places.ts';
import { bearerOf, both, changeStatus, changeSuccess, misreadForm, refuse, sends, type Which } from './token-wire.ts';

export const tokenSuccessDefects = atEachPlace(({ provider, isToken, isResource, scope }) => [
  {
    title: 'a token is 201',
    catches: ['TOK-01'],
    answer: changeStatus(isToken, 200, (answer) => {
      answer.status = 201;
    }),
  },
  {
    title: 'the members come in another order',
    catches: ['TOK-02'],
    answer: changeSuccess(isToken, (body) => Object.fromEntries(Object.entries(body).reverse())),
  },
  {
    title: 'token_type is lower-case',
    catches: ['TOK-03'],
    answer: changeSuccess(isToken, (body) => ({ ...body, token_type: 'bearer' })),
  },
  {
    title: 'a token is text/plain',
    catches: ['TOK-04'],
    answer: changeStatus(isToken, 200, ({ headers }) => {
      headers['content-type'] = 'text/plain';
    }),
  },
  {
    title: 'a token may be stored',
    catches: ['TOK-05'],
    answer: changeStatus(isToken, 200, ({ headers }) => {
      headers['cache-control'] = 'private';
    }),
  },
  {
    title: 'a token has no Pragma',
    catches: ['TOK-05'],
    answer: changeStatus(isToken, 200, ({ headers }) => {
      delete headers.pragma;
    }),
  },
  {
    title: 'expires_in is a string',
    catches: ['TOK-06'],
    answer: changeSuccess(isToken, (body) => ({ ...body, expires_in: String(body.expires_in) })),
  },
  {
    title: 'the scope member names the first scope alone',
    catches: ['TOK-07'],
    answer: changeSuccess(isToken, (body) => ({ ...body, scope: String(body.scope).split(' ')[0] })),
  },
  {
    title: 'the access token has a space in it',
    catches: ['TOK-08'],
    answer: changeSuccess(isToken, (body) => ({ ...body, access_token: `v2 ${body.access_token}` })),
  },
  {
    title: 'each request gets the token of the first',
    catches: ['TOK-09'],
    answer: dealOneToken(isToken),
  },
  {
    title: 'a new token ends the one before',
    catches: ['TOK-09'],
    answer: keepLatestTokenAlone(isToken, isResource),
  },
  {
    title: 'a form with a charset parameter is no form',
    catches: ['TOK-10'],
    request: (request) => {
      const contentType = request.headers['content-type']?.[0] ?? '';
      if (isToken(request) && contentType.includes('charset')) request.headers['content-type'] = ['text/plain'];
    },
  },
  {
    title: 'a parameter that nobody knows is refused',
    catches: ['TOK-11'],
    instead: refuse(both(isToken, sends('sidetone_unknown', '1')), 400, 'invalid_request'),
  },
  {
    title: 'a token is good only at its second use',
    catches: ['TOK-12'],
    answer: refuseFirstUse(isResource),
  },
  {
    title: 'client credentials get a refresh token',
    catches: ['CCR-02'],
    answer: changeSuccess(isToken, (body) => ({ ...body, refresh_token: 'r' })),
  },
  {
    title: 'without a scope the token opens everything, and does not say so',
    catches: ['CCR-04'],
    request: misreadForm(isToken, (form) => {
      if (!form.has('scope')) form.set('scope', scope);
    }),
    answer: changeSuccess(isToken, (body) => ({ ...body, scope: '' })),
  },
  {
    title: 'Basic is not read',
    catches: ['CAU-01'],
    request: (request) => {
      if (isToken(request)) delete request.headers.authorization;
    },
  },
  // What is right at one of them is the defect of the other.
  provider === 'sipgate'
    ? {
        title: 'the scheme name Basic is compared with its case',
        catches: ['CAU-09'],
        request: (request) => {
          if (isToken(request) && !authorizationOf(request).startsWith('Basic ')) delete request.headers.authorization;
        },
      }
    : {
        title: 'the scheme name Basic is read in any case',
        catches: ['CAU-09'],
        request: (request) => {
          const { authorization } = request.headers;
          if (isToken(request) && authorization)
            authorization[0] = authorizationOf(request).replace(/^basic /i, 'Basic ');
        },
      },
]);

const tokenOf = ({ body }: WireAnswer) => String((JSON.parse(body) as { access_token?: unknown }).access_token);

function dealOneToken(isToken: Which): Defect['answer'] {
  let first: string | undefined;
  return changeSuccess(isToken, (body) => {
    first ??= String(body.access_token);
    body.access_token = first;
  });
}

function keepLatestTokenAlone(isToken: Which, isResource: Which): Defect['answer'] {
  let latest = '';
  return (answer, request) => {
    if (isToken(request) && answer.status === 200) latest = tokenOf(answer);
    if (isResource(request) && bearerOf(request) !== latest) Object.assign(answer, unauthorized('invalid_token'));
  };
}

function refuseFirstUse(isResource: Which): Defect['answer'] {
  const used = new Set<string>();
  return (answer, request) => {
    if (!isResource(request) || used.has(bearerOf(request))) return;
    used.add(bearerOf(request));
    Object.assign(answer, unauthorized('invalid_token'));
  };
}
