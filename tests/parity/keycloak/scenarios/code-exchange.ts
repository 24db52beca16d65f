/** The authorization code grant (RFC 6749 §4.1.3) with PKCE (RFC 7636): what it gives, refuses, and what a refusal costs. */
import { createHash } from 'node:crypto';
import type { Question } from '../../exchange.ts';
import type { Scenario, Stage } from '../../scenario.ts';
import { CALLBACK, CLIENTS, type Client, ELSEWHERE, WEB_ORIGIN } from '../cast.ts';
import { authorization, basic, credentials, exchange, refresh, token, userinfo } from './questions.ts';
import { codeFor, redirectParameter, signIn, tokensOf } from './sign-in.ts';
import { stories } from './stories.ts';

const { shop, other, single, codeOnly, consenting, defaults } = CLIENTS;
const verifier = 'a'.repeat(43);
const challenge = createHash('sha256').update(verifier).digest('base64url');
const PKCE = { code_challenge: challenge, code_challenge_method: 'S256' };

type Parameters = Record<string, string | undefined>;

const given =
  (client: Client, request: Parameters, more: Parameters = {}) =>
  async (stage: Stage) => {
    await stage.ask('tokens', exchange(await codeFor(stage, client, request), client, more));
  };

/** A wrong exchange, and then the right one: is the code spent? */
const refused =
  (wrong: (code: string) => Question, request: Parameters = {}, right: Parameters = {}): Scenario['play'] =>
  async (stage) => {
    const code = await codeFor(stage, shop, request);
    await stage.ask('wrong', wrong(code));
    await stage.ask('then right', exchange(code, shop, right));
  };
const wrongPkce = (more: Parameters) =>
  refused((code) => exchange(code, shop, more), PKCE, { code_verifier: verifier });
const form = (code: string) => ({
  grant_type: 'authorization_code',
  code,
  redirect_uri: CALLBACK,
  ...credentials(shop),
});
const formText = (code: string, more: string) => `${new URLSearchParams(form(code))}&${more}`;

const successes = stories('code', {
  'no scope': given(shop, {}),
  openid: given(shop, { scope: 'openid' }),
  'openid with nonce': given(shop, { scope: 'openid account:read', nonce: 'n1' }),
  'openid with an empty nonce': given(shop, { scope: 'openid', nonce: '' }),
  'two scopes': given(shop, { scope: 'balance:read account:read' }),
  offline_access: given(shop, { scope: 'offline_access' }),
  'openid offline_access': given(shop, { scope: 'openid offline_access account:read' }),
  'a client with default scopes': given(defaults, { scope: 'openid' }),
  'after consent': given(consenting, { scope: 'openid account:read' }),
  'a public client': given(CLIENTS.public, { scope: 'account:read' }),
  'a client of this grant alone': given(codeOnly, {}),
  'scope at the exchange': given(shop, { scope: 'account:read' }, { scope: 'zzz' }),
  'an unknown parameter': given(shop, {}, { foo: 'bar' }),
  'PKCE S256': given(shop, PKCE, { code_verifier: verifier }),
  'PKCE plain by default': given(shop, { code_challenge: verifier }, { code_verifier: verifier }),
  'PKCE plain': given(shop, { code_challenge: verifier, code_challenge_method: 'plain' }, { code_verifier: verifier }),
  'redirect_uri not sent at first, sent now': given(single, { redirect_uri: undefined }),
  'redirect_uri never sent': given(single, { redirect_uri: undefined }, { redirect_uri: undefined }),
  'redirect_uri under a wildcard': given(shop, { redirect_uri: ELSEWHERE }, { redirect_uri: ELSEWHERE }),
  'client by Basic': async (stage) => {
    const code = await codeFor(stage);
    const body = { grant_type: 'authorization_code', code, redirect_uri: CALLBACK };
    await stage.ask('tokens', token(body, { headers: { authorization: basic(shop) } }));
  },
  'from a page of the client': async (stage) => {
    await stage.ask('tokens', token(form(await codeFor(stage)), { headers: { origin: WEB_ORIGIN } }));
  },
});

const refusals = stories('code refused', {
  missing: refused(() => token({ grant_type: 'authorization_code', redirect_uri: CALLBACK, ...credentials(shop) })),
  empty: refused(() => exchange('')),
  garbage: refused(() => exchange('x')),
  'in three parts': refused(() => exchange('a.b.c')),
  'redirect_uri missing': refused((code) => exchange(code, shop, { redirect_uri: undefined })),
  'redirect_uri empty': refused((code) => exchange(code, shop, { redirect_uri: '' })),
  'redirect_uri another': refused((code) => exchange(code, shop, { redirect_uri: ELSEWHERE })),
  'redirect_uri in other letters': refused((code) => exchange(code, shop, { redirect_uri: CALLBACK.toUpperCase() })),
  'another client': refused((code) => exchange(code, other)),
  'another client, another redirect_uri': refused((code) => exchange(code, other, { redirect_uri: ELSEWHERE })),
  'another client, wrong verifier': refused((code) => exchange(code, other, { code_verifier: 'b'.repeat(43) }), PKCE, {
    code_verifier: verifier,
  }),
  'wrong secret': refused((code) => exchange(code, shop, { client_secret: 'wrong' })),
  'unknown client': refused((code) => exchange(code, shop, { client_id: 'nobody' })),
  'no client': refused((code) => token({ grant_type: 'authorization_code', code, redirect_uri: CALLBACK })),
  'a key twice': refused((code) => token(formText(code, 'foo=1&foo=2'))),
  'the code twice': refused((code) => token(formText(code, 'code=x'))),
  'grant_type missing': refused((code) => token({ ...form(code), grant_type: undefined })),
  'foreign Origin': refused((code) => token(form(code), { headers: { origin: 'http://evil.example' } })),
  'verifier missing': wrongPkce({}),
  'verifier empty': wrongPkce({ code_verifier: '' }),
  'verifier too short': wrongPkce({ code_verifier: 'a'.repeat(42) }),
  'verifier too long': wrongPkce({ code_verifier: 'a'.repeat(129) }),
  'verifier of other letters': wrongPkce({ code_verifier: `${'a'.repeat(42)}+` }),
  'verifier another': wrongPkce({ code_verifier: 'b'.repeat(43) }),
  'the challenge as verifier': wrongPkce({ code_verifier: challenge }),
  'verifier without a challenge': refused((code) => exchange(code, shop, { code_verifier: verifier })),
  'empty verifier without a challenge': refused((code) => exchange(code, shop, { code_verifier: '' })),
  'plain, verifier another': refused(
    (code) => exchange(code, shop, { code_verifier: 'b'.repeat(43) }),
    { code_challenge: verifier },
    { code_verifier: verifier },
  ),
  'redirect_uri another, verifier missing': refused((code) => exchange(code, shop, { redirect_uri: ELSEWHERE }), PKCE, {
    code_verifier: verifier,
  }),
});

/** Exchanged, then sent again in some way: what becomes of the tokens? */
const replay = (again: (code: string) => Question) => async (stage: Stage) => {
  const browser = stage.browser();
  const code = await codeFor(stage, shop, { scope: 'openid' }, browser);
  const tokens = tokensOf(await stage.quietly(exchange(code)));
  const second = redirectParameter(await signIn(browser, authorization(other, { scope: 'openid' })), 'code');
  const ofOther = tokensOf(await stage.quietly(exchange(second, other)));
  await stage.ask('again', again(code));
  await stage.ask('access token', userinfo(tokens.access_token));
  await stage.ask('refresh token', refresh(tokens.refresh_token));
  await stage.ask("another client's access token", userinfo(ofOther.access_token));
  await stage.ask("another client's refresh token", refresh(ofOther.refresh_token, other));
  await stage.note('the browser', browser.go(authorization(shop, { prompt: 'none' })));
  await stage.ask('a third time', exchange(code));
};

const replays = stories('code replayed', {
  'by its client': replay((code) => exchange(code)),
  'by another client': replay((code) => exchange(code, other)),
  'with a wrong secret': replay((code) => exchange(code, shop, { client_secret: 'wrong' })),
  'with another redirect_uri': replay((code) => exchange(code, shop, { redirect_uri: ELSEWHERE })),
  'its first part changed': async (stage) => {
    const code = await codeFor(stage);
    await stage.ask('changed', exchange(code.replace(/^[^.]*/, '00000000-0000-0000-0000-000000000000')));
    await stage.ask('then right', exchange(code));
  },
});

const life: Scenario = {
  id: 'code: older than its life',
  under: { codeLife: 1 },
  play: async (stage) => {
    const code = await codeFor(stage);
    await stage.pause(2.1);
    await stage.ask('late', exchange(code));
  },
};

export const codeExchange = [...successes, ...refusals, ...replays, life];
