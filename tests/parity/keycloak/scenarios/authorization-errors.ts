/** What the authorization endpoint refuses (RFC 6749 §4.1.2.1), and in which order it looks. */
import type { Question } from '../../exchange.ts';
import { CLIENTS } from '../cast.ts';
import { authorization, authorizations, authorizationWith } from './questions.ts';
import { table } from './stories.ts';

type Parameters = Record<string, string | undefined>;
const { shop, disabled, noFlow } = CLIENTS;
const nobody = { ...shop, clientId: 'nobody' };

const response = table(
  'authorization: response_type and response_mode',
  authorizations([
    { response_type: undefined },
    ...['', 'x', 'CODE', 'token', 'id_token', 'code token', 'code id_token', 'code none', 'id_token token'].map(
      (type) => ({
        response_type: type,
      }),
    ),
    ...['bogus', ''].map((mode) => ({ response_mode: mode })),
    ...['bogus', '', 'query', 'fragment', 'form_post'].map((mode) => ({ response_mode: mode, response_type: 'x' })),
    ...['bogus', 'query', 'fragment', 'form_post'].map((mode) => ({ response_mode: mode, scope: 'zzz' })),
    ...['query.jwt', 'fragment.jwt', 'form_post.jwt', 'jwt'].map((mode) => ({ response_mode: mode, scope: 'zzz' })),
    { response_type: undefined, response_mode: 'fragment' },
    { response_type: 'token', response_mode: 'query' },
  ]),
);

const state = table(
  'authorization: state in an error',
  authorizations([
    { scope: 'zzz', state: undefined },
    { scope: 'zzz', state: '' },
    { scope: 'zzz', state: 'a b+c&d=é%\'"<>/?~!*()' },
    { scope: 'zzz', state: 's'.repeat(4000) },
    { scope: 'zzz', state: 's'.repeat(4001) },
  ]),
);

const scope = table(
  'authorization: scope',
  authorizations(
    [
      'zzz',
      'openid zzz',
      '',
      'account:read  balance:read',
      'profile',
      'ACCOUNT:READ',
      ' account:read',
      'users:read',
    ].map((value) => ({ scope: value })),
  ),
);

const REPEATABLE =
  'redirect_uri response_type state scope nonce response_mode prompt code_challenge login_hint foo max_age ui_locales';
const duplicates = table('authorization: a parameter twice', {
  ...Object.fromEntries(
    REPEATABLE.split(' ').map((name): [string, Question] => [
      name,
      authorizationWith(name, '2', { [name]: '1', ...KEPT(name) }),
    ]),
  ),
  'state, the first counts': authorizationWith('state', 'second', { state: 'first' }),
  'redirect_uri, another one second': authorizationWith('redirect_uri', 'http://evil.example'),
  'client_id, another one second': authorizationWith('client_id', 'nobody'),
  'and a wrong scope': authorizationWith('foo', '2', { foo: '1', scope: 'zzz' }),
  'and a wrong response_type': authorizationWith('foo', '2', { foo: '1', response_type: 'x' }),
});

/** What the request needs to be good but for the repetition. */
function KEPT(name: string): Parameters {
  if (name === 'redirect_uri' || name === 'response_type') return { [name]: undefined };
  return {};
}

const pkce = table(
  'authorization: PKCE',
  authorizations([
    { code_challenge_method: 'S256' },
    { code_challenge_method: 'bogus' },
    { code_challenge: 'a'.repeat(43), code_challenge_method: 'bogus' },
    { code_challenge: 'a'.repeat(43), code_challenge_method: 's256' },
    { code_challenge: 'a'.repeat(43), code_challenge_method: '' },
    { code_challenge: '', code_challenge_method: 'S256' },
    { code_challenge: 'a'.repeat(42), code_challenge_method: 'S256' },
    { code_challenge: 'a'.repeat(129), code_challenge_method: 'S256' },
    { code_challenge: `${'a'.repeat(42)}+`, code_challenge_method: 'S256' },
    { code_challenge: 'a'.repeat(42) },
    { code_challenge: 'a'.repeat(42), code_challenge_method: 'plain' },
  ]),
);

const requestObjects = table(
  'authorization: request objects and max_age',
  authorizations([
    { request: 'x' },
    { request: '' },
    { request_uri: 'http://localhost:9/x' },
    { request_uri: '' },
    { request: 'x', redirect_uri: 'http://evil.example' },
    { request: `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{}').toString('base64url')}.` },
    { max_age: 'abc' },
    { max_age: '' },
    { max_age: 'abc', scope: 'zzz' },
    { authorization_details: 'x' },
  ]),
);

const prompts = table(
  'authorization: prompt without a session',
  authorizations([
    { prompt: 'none' },
    { prompt: 'none', state: undefined },
    { prompt: 'none', response_mode: 'fragment' },
    { prompt: 'none', response_mode: 'form_post' },
    { prompt: 'none login' },
    { prompt: 'login none' },
    { prompt: 'none bogus' },
    { prompt: 'create' },
  ]),
);

const order = table('authorization: which error first', {
  ...authorizations([
    { redirect_uri: 'http://evil.example', response_type: 'x' },
    { response_type: 'x', scope: 'zzz' },
    { response_type: 'token', scope: 'zzz' },
    { response_type: undefined, response_mode: 'bogus' },
    { scope: 'zzz', code_challenge_method: 'S256' },
    { scope: 'zzz', prompt: 'none' },
    { code_challenge_method: 'S256', prompt: 'none' },
  ]),
  'unknown client, wrong redirect_uri': authorization(nobody, { redirect_uri: 'http://evil.example' }),
  'disabled client, wrong redirect_uri': authorization(disabled, { redirect_uri: 'http://evil.example' }),
  'unknown client, request': authorization(nobody, { request: 'x' }),
  'no flow': authorization(noFlow),
  'no flow, wrong redirect_uri': authorization(noFlow, { redirect_uri: 'http://evil.example' }),
  'no flow, wrong response_type': authorization(noFlow, { response_type: 'x' }),
  'no flow, wrong response_mode': authorization(noFlow, { response_mode: 'bogus' }),
  'no flow, wrong scope': authorization(noFlow, { scope: 'zzz' }),
  'no flow, PKCE wrong': authorization(noFlow, { code_challenge_method: 'S256' }),
  'no flow, prompt=none': authorization(noFlow, { prompt: 'none' }),
});

export const authorizationErrors = [response, state, scope, duplicates, pkce, requestObjects, prompts, order];
