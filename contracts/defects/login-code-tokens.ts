/** What a server can get wrong about what the tokens for a code say. */
import type { Defect } from '../broken-server.ts';
import { isRefresh } from './login-session-wire.ts';
import { changeSuccess, isLoginToken } from './token-wire.ts';

type Claims = Record<string, unknown>;

/** Changes the claims of a token of the answer; its signature is none any more. */
const changeClaims = (member: 'access_token' | 'id_token', change: (claims: Claims) => Claims) =>
  changeSuccess(isLoginToken, (body) => {
    const [header, payload = '', signature] = String(body[member] ?? '').split('.');
    if (payload === '') return body;
    const claims = change(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')));
    return {
      ...body,
      [member]: [header, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.'),
    };
  });

export const loginCodeTokenDefects: Defect[] = [
  {
    title: 'a code gets an ID token unasked',
    catches: ['sipgate.ACG-10a'],
    answer: changeSuccess(isLoginToken, (body) => ({ id_token: 'a.b.c', ...body })),
  },
  {
    title: 'the ID token of a code comes last',
    catches: ['sipgate.ACG-10a'],
    answer: changeSuccess(isLoginToken, ({ id_token, ...body }) => (id_token ? { ...body, id_token } : body)),
  },
  {
    title: 'an ID token is for the account service',
    catches: ['sipgate.ACG-10b'],
    answer: changeClaims('id_token', (claims) => ({ ...claims, aud: 'account' })),
  },
  {
    title: 'an ID token is about another subject than the access token',
    catches: ['sipgate.ACG-10b'],
    answer: changeClaims('id_token', (claims) => ({ ...claims, sub: 'ada' })),
  },
  {
    title: 'an ID token has no nonce',
    catches: ['sipgate.ACG-10c'],
    answer: changeClaims('id_token', ({ nonce: _, ...claims }) => claims),
  },
  {
    title: 'an ID token always has a nonce',
    catches: ['sipgate.ACG-10c'],
    answer: changeClaims('id_token', (claims) => ({ nonce: 'broken', ...claims })),
  },
  {
    title: 'at_hash is the whole hash',
    catches: ['sipgate.ACG-10d'],
    answer: changeClaims('id_token', (claims) => ({ ...claims, at_hash: `${claims.at_hash}${claims.at_hash}` })),
  },
  {
    title: 'an ID token names no session',
    catches: ['sipgate.ACG-10e'],
    answer: changeClaims('id_token', ({ sid: _, ...claims }) => claims),
  },
  {
    title: 'an access token does not say when the user logged in',
    catches: ['sipgate.ACG-10e'],
    answer: changeClaims('access_token', ({ auth_time: _, ...claims }) => claims),
  },
  {
    title: 'auth_time is when the token was issued',
    catches: ['sipgate.ACG-10f'],
    answer: changeClaims('id_token', (claims) => ({ ...claims, auth_time: claims.iat })),
  },
  {
    title: 'an ID token that was refreshed does not say when the user logged in',
    catches: ['sipgate.ACG-10f'],
    answer: (answer, request) => {
      if (isRefresh(request)) changeClaims('id_token', ({ auth_time: _, ...claims }) => claims)(answer, request);
    },
  },
  {
    title: 'an access token names another client',
    catches: ['sipgate.ACG-11'],
    answer: changeClaims('access_token', (claims) => ({ ...claims, azp: 'account' })),
  },
  {
    title: 'an access token has all scopes',
    catches: ['sipgate.ACG-11'],
    answer: changeClaims('access_token', (claims) => ({ ...claims, scope: 'all' })),
  },
];
