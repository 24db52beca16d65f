/** Token revocation (RFC 7009): what dies with what. */
import type { Stage } from '../../scenario.ts';
import { CLIENTS, type Client, WEB_ORIGIN } from '../cast.ts';
import {
  authorization,
  basic,
  credentials,
  exchange,
  introspection,
  OIDC,
  refresh,
  revocation as revoke,
  token,
  userinfo,
} from './questions.ts';
import { codeFor, type Tokens, tokensByCode, tokensByPassword, tokensOf } from './sign-in.ts';
import { stories, table } from './stories.ts';

const { shop, other } = CLIENTS;
const path = `${OIDC}/revoke`;

const callers = table('revocation: who asks', {
  'no client': { path, form: { token: 'x' } },
  nothing: { path, form: '' },
  'no token': { path, form: credentials(shop) },
  'wrong secret': revoke('x', shop, { client_secret: 'wrong' }),
  'wrong secret, no token': { path, form: { ...credentials(shop), client_secret: 'wrong' } },
  'unknown client': revoke('x', shop, { client_id: 'nobody' }),
  Basic: { path, form: { token: 'x' }, headers: { authorization: basic(shop) } },
  garbage: revoke('x'),
  'empty token': revoke(''),
  'a key twice': { path, form: `${new URLSearchParams({ token: 'x', ...credentials(shop) })}&foo=1&foo=2` },
  JSON: { path, body: '{}', headers: { 'content-type': 'application/json' } },
  'from a page': { ...revoke('x'), headers: { origin: WEB_ORIGIN } },
  'from a foreign page': { ...revoke('x'), headers: { origin: 'http://evil.example' } },
});

const dies =
  (kind: keyof Tokens, scope: string, more: Record<string, string> = {}, client: Client = shop) =>
  async (stage: Stage) => {
    const tokens = await tokensByPassword(stage, client, scope);
    await stage.ask('revoked', revoke(tokens[kind], client, more));
    await stage.ask('access token', userinfo(tokens.access_token));
    await stage.ask('introspected', introspection(tokens.access_token));
    await stage.ask('refresh token', refresh(tokens.refresh_token, client));
    await stage.ask('revoked again', revoke(tokens[kind], client, more));
  };

export const revocation = [
  callers,
  ...stories('revocation', {
    'refresh token': dies('refresh_token', 'openid account:read'),
    'access token': dies('access_token', 'openid account:read'),
    'id token': dies('id_token', 'openid account:read'),
    'offline token': dies('refresh_token', 'openid offline_access'),
    'access token of an offline session': dies('access_token', 'openid offline_access'),
    'refresh token of a public client': dies('refresh_token', 'openid account:read', {}, CLIENTS.public),
    'refresh token, hint access_token': dies('refresh_token', 'openid', { token_type_hint: 'access_token' }),
    'access token, hint refresh_token': dies('access_token', 'openid', { token_type_hint: 'refresh_token' }),
    'refresh token, hint bogus': dies('refresh_token', 'openid', { token_type_hint: 'bogus' }),
    "another client's tokens": async (stage) => {
      const tokens = await tokensByPassword(stage);
      await stage.ask('access token', revoke(tokens.access_token, other));
      await stage.ask('refresh token', revoke(tokens.refresh_token, other));
      await stage.ask('still good', userinfo(tokens.access_token));
      await stage.ask('refreshed', refresh(tokens.refresh_token));
    },
    'an old refresh token': async (stage) => {
      const first = await tokensByPassword(stage);
      const second = tokensOf(await stage.quietly(refresh(first.refresh_token)));
      await stage.ask('revoked', revoke(first.refresh_token));
      await stage.ask('the new one', refresh(second.refresh_token));
    },
    'the second access token': async (stage) => {
      const first = await tokensByPassword(stage);
      const second = tokensOf(await stage.quietly(refresh(first.refresh_token)));
      await stage.ask('revoked', revoke(second.access_token));
      await stage.ask('the first', userinfo(first.access_token));
      await stage.ask('refreshed', refresh(second.refresh_token));
    },
    'the browser and another client': async (stage) => {
      const browser = stage.browser();
      const tokens = await tokensByCode(stage, shop, { scope: 'openid' }, browser);
      const ofOther = tokensOf(
        await stage.quietly(exchange(await codeFor(stage, other, { scope: 'openid' }, browser), other)),
      );
      await stage.ask('revoked', revoke(tokens.refresh_token));
      await stage.ask("the other's access token", userinfo(ofOther.access_token));
      await stage.ask("the other's refresh token", refresh(ofOther.refresh_token, other));
      await stage.note('prompt=none', browser.go(authorization(shop, { prompt: 'none' })));
    },
    'the only client of a browser': async (stage) => {
      const browser = stage.browser();
      const tokens = await tokensByCode(stage, shop, { scope: 'openid' }, browser);
      await stage.ask('revoked', revoke(tokens.refresh_token));
      await stage.note('prompt=none', browser.go(authorization(shop, { prompt: 'none' })));
    },
    'a service account': async (stage) => {
      const own = tokensOf(
        await stage.quietly(token({ grant_type: 'client_credentials', scope: 'openid', ...credentials(shop) })),
      );
      await stage.ask('revoked', revoke(own.access_token));
      await stage.ask('asked', userinfo(own.access_token));
    },
  }),
];
