/** The token endpoint before any grant: grant types, client authentication, forms, and the two grants without a browser. */
import { CLIENTS, type Client, USERS, WEB_ORIGIN } from '../cast.ts';
import { basic, byPassword, credentials, OIDC, table, token } from './questions.ts';

const { shop, codeOnly, disabled, special, defaults, anyOrigin, ownOrigins, noOrigin, app } = CLIENTS;
const cc = { grant_type: 'client_credentials' };
const own = (client: Client, more: Record<string, string | undefined> = {}) =>
  token({ ...cc, ...credentials(client), ...more });
const withBasic = (authorization: string, form: Record<string, string> = cc) =>
  token(form, { headers: { authorization } });

const grantTypes = table('token: grant_type', {
  missing: token(credentials(shop)),
  empty: token({ grant_type: '', ...credentials(shop) }),
  unknown: token({ grant_type: 'foo', ...credentials(shop) }),
  'in other letters': token({ grant_type: 'CLIENT_CREDENTIALS', ...credentials(shop) }),
  'missing, no client': token({ x: '1' }),
  'missing, wrong secret': token({ ...credentials(shop), client_secret: 'wrong' }),
  'unknown, no client': token({ grant_type: 'foo' }),
  'twice the same': token(`${new URLSearchParams({ ...cc, ...credentials(shop) })}&grant_type=client_credentials`),
  'no form at all': token(''),
  'unknown realm': { ...own(shop), path: `${OIDC.replace('third-party', 'nowhere')}/token` },
  'in the query': { path: `${OIDC}/token`, query: { ...cc, ...credentials(shop) }, form: '' },
  'as JSON': {
    path: `${OIDC}/token`,
    body: JSON.stringify({ ...cc, ...credentials(shop) }),
    headers: { 'content-type': 'application/json' },
  },
  'an unknown key': own(shop, { foo: 'bar' }),
  'an unknown key twice': token(`${new URLSearchParams({ ...cc, ...credentials(shop) })}&foo=1&foo=2`),
});

const clients = table('token: client authentication', {
  missing: token(cc),
  'empty id': token({ ...cc, client_id: '' }),
  unknown: token({ ...cc, client_id: 'nobody', client_secret: 'x' }),
  disabled: own(disabled),
  'of the other realm': own(app),
  'no secret': token({ ...cc, client_id: shop.clientId }),
  'empty secret': own(shop, { client_secret: '' }),
  'wrong secret': own(shop, { client_secret: 'wrong' }),
  'by Basic': withBasic(basic(shop)),
  'by Basic, wrong secret': withBasic(basic({ ...shop, clientSecret: 'wrong' })),
  'by Basic, unknown': withBasic(basic({ ...shop, clientId: 'nobody' })),
  'by Basic, the colon not encoded': withBasic(
    `Basic ${Buffer.from(`${shop.clientId}:${shop.clientSecret}`).toString('base64')}`,
  ),
  'by Basic, a secret of odd letters': withBasic(basic(special)),
  'in the form, a secret of odd letters': own(special),
  'in both, both right': token({ ...cc, ...credentials(shop) }, { headers: { authorization: basic(shop) } }),
  'in both, the form wrong': token(
    { ...cc, ...credentials(shop), client_secret: 'no' },
    { headers: { authorization: basic(shop) } },
  ),
  'in both, Basic wrong': token(
    { ...cc, ...credentials(shop) },
    { headers: { authorization: basic({ ...shop, clientSecret: 'no' }) } },
  ),
  'Basic that is no Base64': withBasic('Basic %%%'),
  'Basic without a colon': withBasic(`Basic ${Buffer.from('nocolon').toString('base64')}`),
  'a Bearer': withBasic('Bearer x'),
  'a key twice comes after it': token(
    `${new URLSearchParams({ ...cc, ...credentials(shop), client_secret: 'no' })}&foo=1&foo=2`,
  ),
});

const clientCredentials = table('token: client_credentials', {
  'no scope': own(shop),
  'one scope': own(shop, { scope: 'account:read' }),
  openid: own(shop, { scope: 'openid account:read' }),
  'default scopes': own(defaults),
  'unknown scope': own(shop, { scope: 'zzz' }),
  'a scope that it may not have': own(shop, { scope: 'users:read' }),
  'empty scope': own(shop, { scope: '' }),
  'two spaces': own(shop, { scope: 'account:read  balance:read' }),
  'a public client': own(CLIENTS.public),
  'service account off': own(codeOnly),
  'from a page of the client': token({ ...cc, ...credentials(shop) }, { headers: { origin: WEB_ORIGIN } }),
  'from a foreign page': token({ ...cc, ...credentials(shop) }, { headers: { origin: 'http://evil.example' } }),
  'a wrong secret from a page': token(
    { ...cc, ...credentials(shop), client_secret: 'no' },
    { headers: { origin: WEB_ORIGIN } },
  ),
  'any origin may': token({ ...cc, ...credentials(anyOrigin) }, { headers: { origin: 'http://evil.example' } }),
  'origins of the redirect URIs': token(
    { ...cc, ...credentials(ownOrigins) },
    { headers: { origin: 'http://localhost:3000' } },
  ),
  'origins of the redirect URIs, a foreign one': token(
    { ...cc, ...credentials(ownOrigins) },
    { headers: { origin: WEB_ORIGIN } },
  ),
  'no origin may': token({ ...cc, ...credentials(noOrigin) }, { headers: { origin: WEB_ORIGIN } }),
});

const appForm = { path: `${OIDC.replace('third-party', 'sipgate-apps')}/token` };
const password = table('token: password', {
  'no scope': byPassword(),
  'openid and scopes': byPassword(shop, { scope: 'openid account:read balance:read' }),
  offline: byPassword(shop, { scope: 'offline_access' }),
  'a public client': byPassword(CLIENTS.public, { scope: 'account:read' }),
  'the address in capitals': byPassword(shop, { username: USERS.alice.email.toUpperCase() }),
  'wrong password': byPassword(shop, { password: 'wrong' }),
  'empty password': byPassword(shop, { password: '' }),
  'no password': byPassword(shop, { password: undefined }),
  'unknown user': byPassword(shop, { username: 'nobody' }),
  'no user': byPassword(shop, { username: undefined }),
  'empty user': byPassword(shop, { username: '' }),
  'disabled user': byPassword(shop, { username: USERS.dora.email, password: USERS.dora.password }),
  'disabled user, wrong password': byPassword(shop, { username: USERS.dora.email, password: 'x' }),
  'a client that may not': byPassword(codeOnly),
  'a client that may not, wrong scope': byPassword(codeOnly, { scope: 'zzz' }),
  'wrong scope': byPassword(shop, { scope: 'zzz' }),
  'wrong scope, wrong password': byPassword(shop, { scope: 'zzz', password: 'wrong' }),
  'wrong scope, no user': byPassword(shop, { scope: 'zzz', username: undefined }),
});

const vendor = table("token: password, the vendor's own client in its own realm", {
  right: { ...byPassword(app), ...appForm },
  'wrong password': { ...byPassword(app, { password: 'wrong' }), ...appForm },
  'in the other realm': byPassword(app),
});

export const tokenRequests = [grantTypes, clients, clientCredentials, password, vendor];
