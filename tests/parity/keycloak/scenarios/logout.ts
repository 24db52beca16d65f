/** RP-initiated logout in the browser, and the logout by refresh token without one. */
import type { Browser } from '../../browser.ts';
import type { Fields, Question } from '../../exchange.ts';
import type { Stage } from '../../scenario.ts';
import { CALLBACK, CLIENTS, WEB_ORIGIN } from '../cast.ts';
import { authorization, basic, credentials, exchange, OIDC, refresh, userinfo } from './questions.ts';
import { codeFor, type Tokens, tokensByCode, tokensByPassword, tokensOf } from './sign-in.ts';
import { stories } from './stories.ts';

const { shop, other } = CLIENTS;
const path = `${OIDC}/logout`;
const EVIL = 'http://evil.example/';

interface SignedIn {
  browser: Browser;
  tokens: Tokens;
}
async function signedIn(stage: Stage): Promise<SignedIn> {
  const browser = stage.browser();
  return { browser, tokens: await tokensByCode(stage, shop, { scope: 'openid' }, browser) };
}

type Way = (fields: Record<string, string>) => Question;
const byGet: Way = (query) => ({ path, query });
const byPost: Way = (form) => ({ path, form });

/** What is asked, then whether the session still is. */
const asked = (way: Way, fields: (tokens: Tokens) => Record<string, string>) => async (stage: Stage) => {
  const { browser, tokens } = await signedIn(stage);
  await stage.note('asked', browser.go(way(fields(tokens))));
  await stage.ask('access token', userinfo(tokens.access_token));
  await stage.ask('refresh token', refresh(tokens.refresh_token));
  await stage.note('prompt=none', browser.go(authorization(shop, { prompt: 'none' })));
};

const CASES: Record<string, (tokens: Tokens) => Record<string, string>> = {
  nothing: () => ({}),
  hint: ({ id_token }) => ({ id_token_hint: id_token }),
  'hint and URI': ({ id_token }) => ({ id_token_hint: id_token, post_logout_redirect_uri: CALLBACK }),
  'hint, URI and state': ({ id_token }) => ({
    id_token_hint: id_token,
    post_logout_redirect_uri: 'http://localhost:4000/bye',
    state: 's 1',
  }),
  'hint and a foreign URI': ({ id_token }) => ({ id_token_hint: id_token, post_logout_redirect_uri: EVIL }),
  'URI alone': () => ({ post_logout_redirect_uri: CALLBACK }),
  'client and URI': () => ({ client_id: shop.clientId, post_logout_redirect_uri: CALLBACK, state: 's' }),
  'client and a foreign URI': () => ({ client_id: shop.clientId, post_logout_redirect_uri: EVIL }),
  client: () => ({ client_id: shop.clientId }),
  'unknown client and URI': () => ({ client_id: 'nobody', post_logout_redirect_uri: CALLBACK }),
  'unknown client': () => ({ client_id: 'nobody' }),
  'hint of another client': ({ id_token }) => ({ id_token_hint: id_token, client_id: other.clientId }),
  'garbage as hint': () => ({ id_token_hint: 'x' }),
  'garbage as hint, and URI': () => ({ id_token_hint: 'x', post_logout_redirect_uri: CALLBACK }),
  'access token as hint': ({ access_token }) => ({ id_token_hint: access_token }),
};

const browserLogout = stories('logout', {
  ...Object.fromEntries(Object.entries(CASES).map(([name, fields]) => [`${name}, by GET`, asked(byGet, fields)])),
  ...Object.fromEntries(Object.entries(CASES).map(([name, fields]) => [`${name}, by POST`, asked(byPost, fields)])),
  'no session, hint and URI': async (stage) => {
    const { tokens } = await signedIn(stage);
    await stage.ask('no cookies', byGet({ id_token_hint: tokens.id_token, post_logout_redirect_uri: CALLBACK }));
    await stage.ask('access token', userinfo(tokens.access_token));
  },
  'no session': async (stage) => {
    await stage.ask('nothing', byGet({}));
    await stage.ask('client and URI', byGet({ client_id: shop.clientId, post_logout_redirect_uri: CALLBACK }));
  },
  confirmed: async (stage) => {
    const { browser, tokens } = await signedIn(stage);
    const page = await browser.go(byGet({ client_id: shop.clientId, post_logout_redirect_uri: CALLBACK, state: 's' }));
    await stage.note('confirmed', browser.submit(page, { confirmLogout: 'Logout' }));
    await stage.ask('access token', userinfo(tokens.access_token));
    await stage.note('confirmed again', browser.submit(page, { confirmLogout: 'Logout' }));
  },
  'confirmed without a client': async (stage) => {
    const { browser, tokens } = await signedIn(stage);
    await stage.note('confirmed', browser.submit(await browser.go(byGet({})), { confirmLogout: 'Logout' }));
    await stage.ask('access token', userinfo(tokens.access_token));
  },
  'offline tokens live on': async (stage) => {
    const browser = stage.browser();
    const tokens = await tokensByCode(stage, shop, { scope: 'openid offline_access' }, browser);
    await stage.note('logout', browser.go(byGet({ id_token_hint: tokens.id_token })));
    await stage.ask('access token', userinfo(tokens.access_token));
    await stage.ask('refresh token', refresh(tokens.refresh_token));
  },
});

const ended =
  (form: (tokens: Tokens) => Fields | string, more: Partial<Question> = {}, scope = 'openid') =>
  async (stage: Stage) => {
    const tokens = await tokensByPassword(stage, shop, scope);
    await stage.ask('asked', { path, form: form(tokens), ...more });
    await stage.ask('access token', userinfo(tokens.access_token));
    await stage.ask('refresh token', refresh(tokens.refresh_token));
  };
const withSecret = ({ refresh_token }: Tokens) => ({ refresh_token, ...credentials(shop) });

const backLogout = stories('logout by refresh token', {
  right: ended(withSecret),
  'by Basic': ended(({ refresh_token }) => ({ refresh_token }), { headers: { authorization: basic(shop) } }),
  'offline token': ended(withSecret, {}, 'openid offline_access'),
  'no client': ended(({ refresh_token }) => ({ refresh_token })),
  'wrong secret': ended((tokens) => ({ ...withSecret(tokens), client_secret: 'wrong' })),
  'unknown client': ended((tokens) => ({ ...withSecret(tokens), client_id: 'nobody' })),
  'another client': ended(({ refresh_token }) => ({ refresh_token, ...credentials(other) })),
  garbage: ended(() => ({ refresh_token: 'x', ...credentials(shop) })),
  empty: ended(() => ({ refresh_token: '', ...credentials(shop) })),
  'access token': ended(({ access_token }) => ({ refresh_token: access_token, ...credentials(shop) })),
  'no refresh token': ended(() => credentials(shop)),
  'a key twice': ended((tokens) => `${new URLSearchParams(withSecret(tokens))}&foo=1&foo=2`),
  'from a page': ended(withSecret, { headers: { origin: WEB_ORIGIN } }),
  'from a foreign page': ended(withSecret, { headers: { origin: 'http://evil.example' } }),
  'an old refresh token': async (stage) => {
    const first = await tokensByPassword(stage);
    const second = tokensOf(await stage.quietly(refresh(first.refresh_token)));
    await stage.ask('asked', { path, form: withSecret(first) });
    await stage.ask('the new one', refresh(second.refresh_token));
  },
  twice: async (stage) => {
    const tokens = await tokensByPassword(stage);
    await stage.quietly({ path, form: withSecret(tokens) });
    await stage.ask('again', { path, form: withSecret(tokens) });
  },
  'ends the whole session': async (stage) => {
    const { browser, tokens } = await signedIn(stage);
    const ofOther = tokensOf(
      await stage.quietly(exchange(await codeFor(stage, other, { scope: 'openid' }, browser), other)),
    );
    const code = await codeFor(stage, shop, {}, browser);
    await stage.ask('asked', { path, form: withSecret(tokens) });
    await stage.ask("another client's access token", userinfo(ofOther.access_token));
    await stage.ask("another client's refresh token", refresh(ofOther.refresh_token, other));
    await stage.ask('a code of before', exchange(code));
    await stage.note('prompt=none', browser.go(authorization(shop, { prompt: 'none' })));
  },
});

export const logout = [...browserLogout, ...backLogout];
