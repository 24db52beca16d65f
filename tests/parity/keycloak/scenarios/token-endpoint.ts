/** The token endpoint before any client is looked at: grant types, forms, places. */
import { CLIENTS, REALMS } from '../cast.ts';
import { clientForm, credentials, OIDC, token } from './questions.ts';
import { table } from './stories.ts';

const { shop } = CLIENTS;
const good = String(clientForm(shop));
const grant = (grantType: string) => token({ grant_type: grantType, ...credentials(shop) });
const [, otherRealm = ''] = REALMS;

const grantTypes = table('token: grant_type', {
  missing: token(credentials(shop)),
  empty: grant(''),
  'a key alone': token(`${new URLSearchParams(credentials(shop))}&grant_type`),
  unknown: grant('foo'),
  'in other letters': grant('CLIENT_CREDENTIALS'),
  'a space after it': grant('client_credentials '),
  implicit: grant('implicit'),
  'missing, no client': token({ x: '1' }),
  'missing, wrong secret': token({ ...credentials(shop), client_secret: 'wrong' }),
  'missing, a key twice': token(`${new URLSearchParams(credentials(shop))}&foo=1&foo=2`),
  'unknown, no client': token({ grant_type: 'foo' }),
  'unknown, wrong secret': token({ grant_type: 'foo', ...credentials(shop), client_secret: 'wrong' }),
  'unknown, a key twice': token(`${new URLSearchParams(credentials(shop))}&grant_type=foo&foo=1&foo=2`),
  'twice the same': token(`${good}&grant_type=client_credentials`),
  'twice, another': token(`${good}&grant_type=password`),
});

const GRANTS = ['device_code', 'token-exchange', 'jwt-bearer', 'uma-ticket'].map(
  (name) => `urn:ietf:params:oauth:grant-type:${name}`,
);
const unoffered = table(
  'token: grants that sipgate does not offer',
  Object.fromEntries([...GRANTS, 'urn:openid:params:grant-type:ciba'].map((name) => [name, grant(name)])),
);

const body = (contentType: string, text = good) => ({
  path: `${OIDC}/token`,
  body: text,
  headers: { 'content-type': contentType },
});
const FORM = 'application/x-www-form-urlencoded';
const json = JSON.stringify({ grant_type: 'client_credentials', ...credentials(shop) });

const forms = table('token: the form', {
  none: token(''),
  'no Content-Type': { path: `${OIDC}/token`, body: good },
  JSON: body('application/json', json),
  'called JSON': body('application/json'),
  'called text': body('text/plain'),
  'with a charset': body(`${FORM}; charset=UTF-8`),
  'in capitals': body(FORM.toUpperCase()),
  'Content-Type of one word': body('foo'),
  'an unknown charset': body(`${FORM};charset=bogus`),
  'an unknown key': token(`${good}&foo=bar`),
  'an unknown key twice': token(`${good}&foo=1&foo=2`),
  'an unknown key twice the same': token(`${good}&foo=1&foo=1`),
  'a key without a value': token(`${good}&foo`),
  'a key of no letters': token(`${good}&=x`),
  'ampersands too many': token(`&${good}&&`),
  'semicolons between': token(good.replaceAll('&', ';')),
  'a broken percent': token(`${good}&foo=%zz`),
  'no UTF-8': token(`${good}&foo=%ff`),
  'no UTF-8 as grant_type': token(`${new URLSearchParams(credentials(shop))}&grant_type=%ff`),
  'a zero byte': token(`${good}&foo=a%00b`),
  'a zero byte in the secret': token(`${new URLSearchParams(credentials(shop))}%00&grant_type=client_credentials`),
  'a long value': token(`${good}&foo=${'x'.repeat(65_536)}`),
  'in the query alone': { path: `${OIDC}/token?${good}`, form: '' },
  'grant_type in the query': { path: `${OIDC}/token?grant_type=client_credentials`, form: credentials(shop) },
  'client in the query': {
    path: `${OIDC}/token`,
    query: credentials(shop),
    form: { grant_type: 'client_credentials' },
  },
  'the same key in query and form': { path: `${OIDC}/token?foo=1`, form: `${good}&foo=2` },
  'HTML accepted': token(good, { headers: { accept: 'text/html' } }),
  'XML accepted, refused': token({ grant_type: 'foo' }, { headers: { accept: 'application/xml' } }),
  'a proof of possession that is none': token(good, { headers: { dpop: 'x' } }),
});

const at = (path: string) => ({ path, form: good });
const places = table('token: the place', {
  'unknown realm': at(OIDC.replace('third-party', 'nowhere').concat('/token')),
  'realm in other letters': at(OIDC.replace('third-party', 'Third-Party').concat('/token')),
  'the other realm': at(OIDC.replace('third-party', otherRealm).concat('/token')),
  'a slash after it': at(`${OIDC}/token/`),
  'below it': at(`${OIDC}/token/foo`),
  'beside it': at(`${OIDC}/foo`),
});

export const tokenEndpoint = [grantTypes, unoffered, forms, places];
