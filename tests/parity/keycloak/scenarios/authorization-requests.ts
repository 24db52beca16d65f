/** What the authorization endpoint takes: how it is asked, and parameters that it tolerates. */
import { encode, type Fields } from '../../exchange.ts';
import { CLIENTS } from '../cast.ts';
import { authorization, OIDC } from './questions.ts';
import { table } from './stories.ts';

const { shop } = CLIENTS;
const good = authorization(shop).query as Record<string, string>;
const posted = (form: Fields | string, more: object = {}) => ({ path: `${OIDC}/auth`, form, ...more });

const tolerated: Record<string, string | undefined>[] = [
  {},
  { client_secret: 'whatever' },
  { foo: 'bar' },
  { state: undefined },
  { login_hint: 'erik@parity.example' },
  { ui_locales: 'de' },
  { max_age: '3600' },
  { nonce: '' },
  { display: 'popup' },
  { acr_values: '9' },
  { claims: '{}' },
  { id_token_hint: 'x' },
  { registration: '{}' },
  { kc_idp_hint: 'x' },
  { kc_action: 'UPDATE_PASSWORD' },
  { dpop_jkt: 'x' },
  { resource: 'http://localhost:5000' },
  { prompt: 'select_account' },
  { max_age: '0' },
  { response_type: 'code code' },
  { state: 's'.repeat(4001) },
  { prompt: '' },
  { prompt: 'bogus' },
  { prompt: 'login' },
  { prompt: 'consent' },
  { prompt: 'login consent' },
  { prompt: 'NONE' },
  { scope: ' ' },
  { scope: 'account:read ' },
  { scope: 'openid openid' },
  { scope: 'account:read account:read' },
  { response_mode: 'query' },
  { response_mode: 'fragment' },
  { response_mode: 'form_post' },
  { response_type: 'none' },
  { code_challenge: 'a'.repeat(43) },
  { code_challenge: 'a'.repeat(128), code_challenge_method: 'S256' },
  { code_challenge: 'a'.repeat(43), code_challenge_method: 'plain' },
];

const shown = table(
  'authorization: the login page',
  Object.fromEntries(tolerated.map((more) => [JSON.stringify(more).slice(0, 70), authorization(shop, more)])),
);

const post = table('authorization: by POST', {
  form: posted(good),
  'wrong scope': posted({ ...good, scope: 'zzz' }),
  'parameters in the query alone': { path: `${OIDC}/auth`, query: good, form: '' },
  'no form': posted(''),
  'scope in the form, the rest in the query': { path: `${OIDC}/auth`, query: good, form: { scope: 'zzz' } },
  'unknown client': posted({ ...good, client_id: 'nobody' }),
  'a parameter twice': posted(`${encode(good)}&state=2`),
  JSON: { path: `${OIDC}/auth`, body: JSON.stringify(good), headers: { 'content-type': 'application/json' } },
});

const origins = table('authorization: with an Origin', {
  page: { ...authorization(shop), headers: { origin: 'http://localhost:4200' } },
  error: { ...authorization(shop, { scope: 'zzz' }), headers: { origin: 'http://localhost:4200' } },
});

export const authorizationRequests = [shown, post, origins];
