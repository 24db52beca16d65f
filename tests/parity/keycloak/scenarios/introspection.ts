/** Token introspection (RFC 7662). */
import type { Scenario } from '../../scenario.ts';
import { CLIENTS, WEB_ORIGIN } from '../cast.ts';
import { introspection as ask, basic, byPassword, credentials, OIDC, refresh, revocation, token } from './questions.ts';
import { tokensByCode, tokensByPassword, tokensOf } from './sign-in.ts';
import { stories, table } from './stories.ts';

const { shop, other, disabled } = CLIENTS;
const path = `${OIDC}/token/introspect`;

const callers = table('introspection: who asks', {
  'no client': { path, form: { token: 'x' } },
  'no client, no token': { path, form: '' },
  'no token': { path, form: credentials(shop) },
  'wrong secret': ask('x', shop, { client_secret: 'wrong' }),
  'wrong secret, no token': { path, form: { ...credentials(shop), client_secret: 'wrong' } },
  'unknown client': ask('x', shop, { client_id: 'nobody' }),
  'disabled client': ask('x', disabled),
  'public client': ask('x', CLIENTS.public),
  Basic: { path, form: { token: 'x' }, headers: { authorization: basic(shop) } },
  garbage: ask('x'),
  'empty token': ask(''),
  'garbage, refresh_token': ask('x', shop, { token_type_hint: 'refresh_token' }),
  'an unknown hint': ask('x', shop, { token_type_hint: 'bogus' }),
  'a key twice': { path, form: `${new URLSearchParams({ token: 'x', ...credentials(shop) })}&foo=1&foo=2` },
  JSON: { path, body: '{"token":"x"}', headers: { 'content-type': 'application/json' } },
  'from a page': { ...ask('x'), headers: { origin: WEB_ORIGIN } },
  'from a foreign page': { ...ask('x'), headers: { origin: 'http://evil.example' } },
});

const HINTS = ['access_token', 'refresh_token', 'bogus', ''];

/** Where the asking client is in the audience: then the token is told about. */
const told: Scenario = {
  id: 'introspection: by a client of the audience',
  under: { introspectionAudience: 'any' },
  play: async (stage) => {
    const { introspecting } = CLIENTS;
    const tokens = await tokensByPassword(stage, introspecting);
    await stage.ask('access token', ask(tokens.access_token, introspecting));
    await stage.ask(
      'access token, hint access_token',
      ask(tokens.access_token, introspecting, { token_type_hint: 'access_token' }),
    );
    await stage.ask(
      'access token, hint refresh_token',
      ask(tokens.access_token, introspecting, { token_type_hint: 'refresh_token' }),
    );
    await stage.ask('JWT accepted', {
      ...ask(tokens.access_token, introspecting),
      headers: { accept: 'application/jwt' },
    });
    const byCode = await tokensByCode(stage, introspecting, { scope: 'openid account:read' });
    await stage.ask('access token of a code', ask(byCode.access_token, introspecting));
    const own = token({ grant_type: 'client_credentials', scope: 'account:read', ...credentials(introspecting) });
    await stage.ask('service account', ask(tokensOf(await stage.quietly(own)).access_token, introspecting));
    await stage.quietly(revocation(tokens.access_token, introspecting));
    await stage.ask('revoked', ask(tokens.access_token, introspecting));
    await stage.quietly({
      path: `${OIDC}/logout`,
      form: { refresh_token: byCode.refresh_token, ...credentials(introspecting) },
    });
    await stage.ask('logged out', ask(byCode.access_token, introspecting));
  },
};

export const introspection = [
  callers,
  told,
  ...stories('introspection', {
    'tokens of a password': async (stage) => {
      const tokens = await tokensByPassword(stage);
      await stage.ask('access token', ask(tokens.access_token));
      await stage.ask('refresh token', ask(tokens.refresh_token));
      await stage.ask('id token', ask(tokens.id_token));
      for (const hint of HINTS) {
        await stage.ask(`access token, hint "${hint}"`, ask(tokens.access_token, shop, { token_type_hint: hint }));
        await stage.ask(`refresh token, hint "${hint}"`, ask(tokens.refresh_token, shop, { token_type_hint: hint }));
      }
      await stage.ask('access token, another client', ask(tokens.access_token, other));
      await stage.ask(
        'refresh token, another client',
        ask(tokens.refresh_token, other, { token_type_hint: 'refresh_token' }),
      );
      await stage.ask('id token, another client', ask(tokens.id_token, other));
    },
    'tokens of a code': async (stage) => {
      const tokens = await tokensByCode(stage);
      await stage.ask('access token', ask(tokens.access_token));
      await stage.ask('refresh token', ask(tokens.refresh_token, shop, { token_type_hint: 'refresh_token' }));
      await stage.ask('id token', ask(tokens.id_token));
    },
    'offline and service account': async (stage) => {
      const offline = tokensOf(await stage.quietly(byPassword(shop, { scope: 'offline_access' })));
      await stage.ask('offline', ask(offline.refresh_token, shop, { token_type_hint: 'refresh_token' }));
      const own = tokensOf(await stage.quietly(token({ grant_type: 'client_credentials', ...credentials(shop) })));
      await stage.ask('service account', ask(own.access_token));
    },
    'after rotation': async (stage) => {
      const first = await tokensByPassword(stage);
      const second = tokensOf(await stage.quietly(refresh(first.refresh_token)));
      await stage.ask('old refresh token', ask(first.refresh_token, shop, { token_type_hint: 'refresh_token' }));
      await stage.ask('new refresh token', ask(second.refresh_token, shop, { token_type_hint: 'refresh_token' }));
      await stage.ask('spends nothing', refresh(second.refresh_token));
    },
  }),
];
