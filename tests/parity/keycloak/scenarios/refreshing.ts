/** The refresh token grant (RFC 6749 §6): rotation, reuse, narrower scopes. */
import type { Scenario, Stage } from '../../scenario.ts';
import { CLIENTS, type Client, WEB_ORIGIN } from '../cast.ts';
import {
  authorization,
  byPassword,
  credentials,
  exchange,
  introspection,
  refresh,
  token,
  userinfo,
} from './questions.ts';
import { codeFor, tokensByCode, tokensByPassword, tokensOf } from './sign-in.ts';
import { stories } from './stories.ts';

const { shop, other } = CLIENTS;
const ALL = 'openid account:read balance:read';

const refreshed =
  (scope: string, client: Client = shop) =>
  async (stage: Stage) => {
    const { refresh_token } = await tokensByPassword(stage, client, scope);
    await stage.ask('refreshed', refresh(refresh_token, client));
  };

const successes = stories('refresh', {
  'from the password grant': refreshed(ALL),
  'without openid': refreshed('account:read'),
  offline: refreshed('offline_access account:read'),
  'offline with openid': refreshed('openid offline_access'),
  'a public client': refreshed('account:read', CLIENTS.public),
  'from a code with nonce': async (stage) => {
    const { refresh_token } = await tokensByCode(stage, shop, { scope: ALL, nonce: 'n1' });
    const next = tokensOf(await stage.ask('refreshed', refresh(refresh_token)));
    await stage.ask('and again', refresh(next.refresh_token));
  },
  'from a page of the client': async (stage) => {
    const { refresh_token } = await tokensByPassword(stage);
    const form = { grant_type: 'refresh_token', refresh_token, ...credentials(shop) };
    await stage.ask('refreshed', token(form, { headers: { origin: WEB_ORIGIN } }));
  },
});

/** Each asked with a fresh token; then the same token again without a scope: was it spent? */
const narrowed = (scope: string) => async (stage: Stage) => {
  const { refresh_token } = await tokensByPassword(stage, shop, ALL);
  await stage.ask('asked', refresh(refresh_token, shop, { scope }));
  await stage.ask('the same token again', refresh(refresh_token));
};

const SCOPES = ['openid', 'account:read', 'balance:read account:read', 'account:read account:read', 'zzz', '', ' '];
const scopes = stories('refresh with scope', {
  ...Object.fromEntries(
    [...SCOPES, 'offline_access', 'account:read offline_access', 'users:read'].map((scope) => [
      `"${scope}"`,
      narrowed(scope),
    ]),
  ),
  'narrower, then as before': async (stage) => {
    const { refresh_token } = await tokensByPassword(stage, shop, ALL);
    const narrow = tokensOf(await stage.ask('narrower', refresh(refresh_token, shop, { scope: 'account:read' })));
    const whole = tokensOf(await stage.ask('without scope', refresh(narrow.refresh_token)));
    await stage.ask('all of it', refresh(whole.refresh_token, shop, { scope: ALL }));
  },
  'offline, narrower': async (stage) => {
    const { refresh_token } = await tokensByPassword(stage, shop, 'offline_access account:read balance:read');
    await stage.ask('narrower', refresh(refresh_token, shop, { scope: 'account:read' }));
  },
});

const refusals = stories('refresh refused', {
  'no token': ({ ask }) => ask('asked', token({ grant_type: 'refresh_token', ...credentials(shop) })).then(() => {}),
  'empty token': ({ ask }) => ask('asked', refresh('')).then(() => {}),
  garbage: ({ ask }) => ask('asked', refresh('x')).then(() => {}),
  'garbage in three parts': ({ ask }) => ask('asked', refresh('a.b.c')).then(() => {}),
  'other tokens': async (stage) => {
    const tokens = await tokensByPassword(stage);
    await stage.ask('changed', refresh(`${tokens.refresh_token.slice(0, -5)}abcde`));
    await stage.ask('an access token', refresh(tokens.access_token));
    await stage.ask('an id token', refresh(tokens.id_token));
    await stage.ask(
      'sent twice',
      token(
        `${new URLSearchParams({ grant_type: 'refresh_token', refresh_token: tokens.refresh_token, ...credentials(shop) })}&refresh_token=x`,
      ),
    );
    await stage.ask('wrong secret', refresh(tokens.refresh_token, shop, { client_secret: 'wrong' }));
    await stage.ask('another client', refresh(tokens.refresh_token, other));
    const form = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token, ...credentials(shop) };
    await stage.ask('foreign Origin', token(form, { headers: { origin: 'http://evil.example' } }));
    await stage.ask('still good', refresh(tokens.refresh_token));
  },
});

const rotation = stories('refresh rotated', {
  'the old one again': async (stage) => {
    const first = await tokensByPassword(stage);
    const second = tokensOf(await stage.quietly(refresh(first.refresh_token)));
    await stage.ask('the old one', refresh(first.refresh_token));
    await stage.ask('the new one', refresh(second.refresh_token));
    await stage.ask('access token', userinfo(second.access_token));
    await stage.ask('introspected', introspection(second.access_token));
  },
  'one of two generations ago': async (stage) => {
    const first = await tokensByPassword(stage);
    await stage.pause(1.1);
    const second = tokensOf(await stage.quietly(refresh(first.refresh_token)));
    await stage.pause(1.1);
    const third = tokensOf(await stage.quietly(refresh(second.refresh_token)));
    await stage.pause(1.1);
    await stage.ask('the first', refresh(first.refresh_token));
    await stage.ask('the third', refresh(third.refresh_token));
    await stage.ask('access token', userinfo(third.access_token));
  },
  'offline, the old one again': async (stage) => {
    const first = await tokensByPassword(stage, shop, 'offline_access');
    const second = tokensOf(await stage.quietly(refresh(first.refresh_token)));
    await stage.ask('the old one', refresh(first.refresh_token));
    await stage.ask('the new one', refresh(second.refresh_token));
  },
  'the browser goes on': async (stage) => {
    const browser = stage.browser();
    const first = await tokensByCode(stage, shop, { scope: 'openid' }, browser);
    await stage.quietly(refresh(first.refresh_token));
    await stage.quietly(refresh(first.refresh_token));
    await stage.note('prompt=none', browser.go(authorization(shop, { scope: 'openid', prompt: 'none' })));
    const code = await codeFor(stage, shop, { scope: 'openid', prompt: 'none' }, browser);
    const later = tokensOf(await stage.ask('exchanged', exchange(code)));
    await stage.ask('refreshed', refresh(later.refresh_token));
  },
});

const switched: Scenario = {
  id: 'refresh without rotation',
  under: { refreshTokenRotation: false },
  play: async (stage) => {
    const first = await tokensByPassword(stage);
    const second = tokensOf(await stage.ask('first', refresh(first.refresh_token)));
    await stage.ask('the same again', refresh(first.refresh_token));
    await stage.ask('the new one', refresh(second.refresh_token));
    const offline = tokensOf(await stage.quietly(byPassword(shop, { scope: 'offline_access' })));
    await stage.ask('offline', refresh(offline.refresh_token));
  },
};

const expired: Scenario = {
  id: 'refresh: older than its life',
  under: { refreshTokenLife: 2 },
  play: async (stage) => {
    const { refresh_token } = await tokensByPassword(stage);
    await stage.pause(3.1);
    await stage.ask('late', refresh(refresh_token));
  },
};

export const refreshing = [...successes, ...scopes, ...refusals, ...rotation, switched, expired];
