/** The two grants without a browser, password and client_credentials: scopes, users, origins. */
import { CLIENTS, type Client, USERS, WEB_ORIGIN } from '../cast.ts';
import { byPassword, clientForm, credentials, OIDC, token } from './questions.ts';
import { table } from './stories.ts';

const { shop, codeOnly, defaults, anyOrigin, ownOrigins, noOrigin, app, removable } = CLIENTS;
const own = (client: Client, more: Record<string, string> = {}) =>
  token({ grant_type: 'client_credentials', ...credentials(client), ...more });
const from = (origin: string, client: Client) => token(String(clientForm(client)), { headers: { origin } });

const SCOPES = [
  'account:read',
  'balance:read account:read',
  'account:read account:read',
  'openid',
  'account:read openid',
  'openid openid',
  '',
  ' ',
  ' account:read  balance:read ',
  'account:read ',
  'zzz',
  'account:read zzz',
  'openid zzz',
  'users:read',
  'ACCOUNT:READ',
  'OPENID',
  'profile',
  'account',
  'account:read,balance:read',
  'account:read\tbalance:read',
  'account:read\t',
  'a"b\\c<d>é',
];
const scopes = table(
  'scope',
  Object.fromEntries(SCOPES.map((scope) => [JSON.stringify(scope), byPassword(shop, { scope })])),
);

const clientCredentials = table('client_credentials', {
  'no scope': own(shop),
  'two scopes': own(shop, { scope: 'account:read balance:read' }),
  openid: own(shop, { scope: 'openid account:read' }),
  'default scopes': own(defaults),
  'unknown scope': own(shop, { scope: 'zzz' }),
  'empty scope': own(shop, { scope: '' }),
  'a user too': own(shop, { username: USERS.alice.email, password: 'x' }),
  'a public client': own(CLIENTS.public),
  'a public client, unknown scope': own(CLIENTS.public, { scope: 'zzz' }),
  'service account off': own(codeOnly),
  'service account off, unknown scope': own(codeOnly, { scope: 'zzz' }),
});

const origins = table('token: Origin', {
  'of the client': from(WEB_ORIGIN, shop),
  foreign: from('http://evil.example', shop),
  null: from('null', shop),
  'in other letters': from(WEB_ORIGIN.toUpperCase(), shop),
  'with a slash': from(`${WEB_ORIGIN}/`, shop),
  'of the client, wrong secret': from(WEB_ORIGIN, { ...shop, clientSecret: 'wrong' }),
  'foreign, wrong secret': from('http://evil.example', { ...shop, clientSecret: 'wrong' }),
  'of the client, wrong scope': token(`${clientForm(shop)}&scope=zzz`, { headers: { origin: WEB_ORIGIN } }),
  'any may': from('http://evil.example', anyOrigin),
  'those of the redirect URIs may': from('http://localhost:3000', ownOrigins),
  'those of the redirect URIs may, another': from(WEB_ORIGIN, ownOrigins),
  'none may': from(WEB_ORIGIN, noOrigin),
  'of a client that is used nowhere else': from(WEB_ORIGIN, removable),
});

const { alice, dora } = USERS;
const password = table('password', {
  'no scope': byPassword(),
  'openid and scopes': byPassword(shop, { scope: 'openid account:read balance:read' }),
  offline: byPassword(shop, { scope: 'offline_access' }),
  'a public client': byPassword(CLIENTS.public, { scope: 'account:read' }),
  'the address in capitals': byPassword(shop, { username: alice.email.toUpperCase() }),
  'spaces around the address': byPassword(shop, { username: ` ${alice.email} ` }),
  'wrong password': byPassword(shop, { password: 'wrong' }),
  'empty password': byPassword(shop, { password: '' }),
  'no password': byPassword(shop, { password: undefined }),
  'unknown user': byPassword(shop, { username: 'nobody' }),
  'unknown user, no password': byPassword(shop, { username: 'nobody', password: undefined }),
  'no user': byPassword(shop, { username: undefined }),
  'empty user': byPassword(shop, { username: '' }),
  'neither user nor password': byPassword(shop, { username: undefined, password: undefined }),
  'disabled user': byPassword(shop, { username: dora.email, password: dora.password }),
  'disabled user, wrong password': byPassword(shop, { username: dora.email, password: 'x' }),
  'a client that may not': byPassword(codeOnly),
  'a client that may not, wrong scope': byPassword(codeOnly, { scope: 'zzz' }),
  'a client that may not, no user': byPassword(codeOnly, { username: undefined }),
  'wrong scope': byPassword(shop, { scope: 'zzz' }),
  'wrong scope, wrong password': byPassword(shop, { scope: 'zzz', password: 'wrong' }),
  'wrong scope, no user': byPassword(shop, { scope: 'zzz', username: undefined }),
  'wrong secret, wrong user': byPassword(shop, { client_secret: 'wrong', username: 'nobody' }),
});

const appForm = { path: `${OIDC.replace('third-party', 'sipgate-apps')}/token` };
const vendor = table("password: the vendor's own client in its own realm", {
  right: { ...byPassword(app), ...appForm },
  'wrong password': { ...byPassword(app, { password: 'wrong' }), ...appForm },
  'in the other realm': byPassword(app),
});

export const ownGrants = [scopes, clientCredentials, origins, password, vendor];
