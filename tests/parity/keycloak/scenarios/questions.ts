/** Questions that every topic asks, and the short ways to a code and to tokens. */
import type { Browser } from '../../browser.ts';
import { type Answer, type Fields, headerOf, type Question } from '../../exchange.ts';
import { readPage } from '../../page.ts';
import type { Scenario, Stage } from '../../scenario.ts';
import { CALLBACK, CLIENTS, type Client, USERS, type User } from '../cast.ts';

export const OIDC = '/auth/realms/third-party/protocol/openid-connect';

/** Client credentials in the form, as sipgate documents them. */
export const credentials = ({ clientId, clientSecret }: Client) => ({
  client_id: clientId,
  ...(clientSecret !== undefined && { client_secret: clientSecret }),
});

/** RFC 6749 §2.3.1: both parts are form-encoded first. */
export function basic({ clientId, clientSecret = '' }: Pick<Client, 'clientId' | 'clientSecret'>): string {
  const encoded = `${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`;
  return `Basic ${Buffer.from(encoded).toString('base64')}`;
}

/** The good authorization request, changed where `more` says so; undefined takes a parameter away. */
export const authorization = (
  client: Client = CLIENTS.shop,
  more: Record<string, string | undefined> = {},
): Question => ({
  path: `${OIDC}/auth`,
  query: { client_id: client.clientId, redirect_uri: CALLBACK, response_type: 'code', state: 'st', ...more },
});

/** The same with a parameter that stands twice. */
export function authorizationWith(
  name: string,
  value: string,
  more: Record<string, string | undefined> = {},
): Question {
  const { query } = authorization(CLIENTS.shop, more);
  const pairs = Object.entries(query as Record<string, string | undefined>);
  return {
    path: `${OIDC}/auth`,
    query: [...pairs.filter((pair): pair is [string, string] => pair[1] !== undefined), [name, value]],
  };
}

export const token = (form: Fields | string, more: Partial<Question> = {}): Question => ({
  path: `${OIDC}/token`,
  form,
  ...more,
});

export const exchange = (code: string, client: Client = CLIENTS.shop, more: Record<string, string | undefined> = {}) =>
  token({ grant_type: 'authorization_code', code, redirect_uri: CALLBACK, ...credentials(client), ...more });

export const refresh = (refreshToken: string, client: Client = CLIENTS.shop, more: Record<string, string> = {}) =>
  token({ grant_type: 'refresh_token', refresh_token: refreshToken, ...credentials(client), ...more });

export const byPassword = (client: Client = CLIENTS.shop, more: Record<string, string | undefined> = {}) =>
  token({
    grant_type: 'password',
    username: USERS.alice.email,
    password: USERS.alice.password,
    ...credentials(client),
    ...more,
  });

export const userinfo = (accessToken: string, headers: Record<string, string> = {}): Question => ({
  path: `${OIDC}/userinfo`,
  headers: { authorization: `Bearer ${accessToken}`, ...headers },
});

export const introspection = (given: string, client: Client = CLIENTS.shop, more: Record<string, string> = {}) => ({
  path: `${OIDC}/token/introspect`,
  form: { token: given, ...credentials(client), ...more },
});

export const revocation = (given: string, client: Client = CLIENTS.shop, more: Record<string, string> = {}) => ({
  path: `${OIDC}/revoke`,
  form: { token: given, ...credentials(client), ...more },
});

export interface Tokens {
  access_token: string;
  refresh_token: string;
  id_token: string;
}

/** @throws if the answer holds no tokens, with what it holds. */
export function tokensOf({ status, body }: Answer): Tokens {
  if (status !== 200) throw new Error(`no tokens: ${status} ${body.slice(0, 200)}`);
  return JSON.parse(body) as Tokens;
}

export const tokensByPassword = async (
  stage: Stage,
  client: Client = CLIENTS.shop,
  scope = 'openid account:read balance:read',
) => tokensOf(await stage.quietly(byPassword(client, { scope })));

/** Fills in the login page, if there is one, and consents to what is asked. */
export async function signIn(
  browser: Browser,
  question: Question,
  { email, password }: User = USERS.alice,
): Promise<Answer> {
  const page = await browser.go(question);
  if (!hasField(page, 'password')) return page;
  const next = await browser.submit(page, { username: email, password });
  return hasField(next, 'accept') ? browser.submit(next, { accept: 'Yes' }) : next;
}

export const hasField = ({ status, body }: Answer, name: string) =>
  status === 200 && readPage(body).forms.some(({ fields }) => fields.includes(name));

/** A parameter of a redirect, wherever it stands. @throws if there is none. */
export function redirectParameter(answer: Answer, name: string): string {
  const { search, hash } = new URL(headerOf(answer, 'location') ?? 'none:');
  const value = new URLSearchParams(search || hash.slice(1)).get(name);
  if (value === null)
    throw new Error(`no ${name}: ${answer.status} ${headerOf(answer, 'location') ?? answer.body.slice(0, 200)}`);
  return value;
}

export async function codeFor(
  stage: Stage,
  client: Client = CLIENTS.shop,
  more: Record<string, string | undefined> = {},
  browser: Browser = stage.browser(),
): Promise<string> {
  return redirectParameter(await signIn(browser, authorization(client, more)), 'code');
}

export async function tokensByCode(
  stage: Stage,
  client: Client = CLIENTS.shop,
  more: Record<string, string | undefined> = { scope: 'openid' },
  browser: Browser = stage.browser(),
): Promise<Tokens> {
  return tokensOf(await stage.quietly(exchange(await codeFor(stage, client, more, browser), client)));
}

/** A scenario of questions that have nothing to do with each other. */
export const table = (id: string, rows: Record<string, Question>): Scenario => ({
  id,
  play: async ({ ask }) => {
    for (const [step, question] of Object.entries(rows)) await ask(step, question);
  },
});

/** Each row is a story of its own, so that one cannot disturb the next. */
export const stories = (topic: string, rows: Record<string, Scenario['play']>): Scenario[] =>
  Object.entries(rows).map(([name, play]) => ({ id: `${topic}: ${name}`, play }));
