/** The authorization code flow against a fake, step by step, with the demo client and the demo user unless told otherwise. */
import { createHash, randomBytes } from 'node:crypto';
import type { Mock } from '../../mock-server/index.ts';
import { createVisitor, type Page, type Visitor } from './visitor.ts';

export const REDIRECT_URI = 'http://localhost:3000/callback';

/** What an endpoint answers: tokens or an error. */
export interface JsonAnswer {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
}

export const realmUrl = (mock: Mock, realm = 'third-party') => `${mock.url}/auth/realms/${realm}`;
export const endpoint = (mock: Mock, name: string, realm?: string) =>
  `${realmUrl(mock, realm)}/protocol/openid-connect/${name}`;

/** The demo client's id and secret as form parameters. */
export const demoClient = ({ credentials: { sipgate } }: Mock) => ({
  client_id: sipgate.clientId ?? '',
  client_secret: sipgate.clientSecret ?? '',
});

export const demoUser = ({ credentials: { sipgate } }: Mock) => ({
  username: sipgate.username ?? '',
  password: sipgate.password ?? '',
});

/** @param parameters further ones, or others; an undefined one is left out. */
export function authorizeUrl(mock: Mock, parameters: Record<string, string | undefined> = {}, realm?: string): string {
  const all = {
    client_id: mock.credentials.sipgate.clientId,
    redirect_uri: REDIRECT_URI,
    response_type: 'code',
    scope: 'account:read',
    state: 'st',
    ...parameters,
  };
  const sent = Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return `${endpoint(mock, 'auth', realm)}?${new URLSearchParams(sent)}`;
}

/** Opens the address, logs in if asked to, consents if asked to; the page or redirect where that ends. */
export async function logIn(mock: Mock, url: string, visitor: Visitor = createVisitor()): Promise<Page> {
  let page = await visitor.open(url);
  if (page.html.includes('name="username"')) page = await visitor.submit(page, { ...demoUser(mock), login: 'Sign In' });
  if (page.html.includes('name="accept"')) page = await visitor.submit(page, { accept: 'Yes' });
  return page;
}

/** Parameters of the redirect that a page's flow ended with. */
export function callbackOf({ leavesTo, status, html }: Page): Record<string, string> {
  if (!leavesTo) throw new Error(`no redirect but ${status} ${html}`);
  return Object.fromEntries(leavesTo.searchParams);
}

/** A fresh code. */
export async function codeFor(
  mock: Mock,
  parameters?: Record<string, string | undefined>,
  visitor?: Visitor,
): Promise<string> {
  const { code, ...rest } = callbackOf(await logIn(mock, authorizeUrl(mock, parameters), visitor));
  if (code === undefined) throw new Error(`no code but ${JSON.stringify(rest)}`);
  return code;
}

export async function post(url: string, form: Record<string, string>): Promise<JsonAnswer> {
  const answer = await fetch(url, { method: 'POST', body: new URLSearchParams(form) });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: text === '' ? {} : JSON.parse(text) };
}

/** POST to the token endpoint as the demo client. */
export const askToken = (mock: Mock, form: Record<string, string>): Promise<JsonAnswer> =>
  post(mock.sipgate.tokenUrl, { ...demoClient(mock), ...form });

export const exchange = (mock: Mock, code: string, more: Record<string, string> = {}) =>
  askToken(mock, { grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI, ...more });

export const refresh = (mock: Mock, token: unknown, more: Record<string, string> = {}) =>
  askToken(mock, { grant_type: 'refresh_token', refresh_token: String(token), ...more });

/** Tokens of a whole flow. */
export async function tokensFor(
  mock: Mock,
  parameters?: Record<string, string | undefined>,
  visitor?: Visitor,
): Promise<Record<string, unknown>> {
  const { status, body } = await exchange(mock, await codeFor(mock, parameters, visitor));
  if (status !== 200) throw new Error(`no tokens but ${status} ${JSON.stringify(body)}`);
  return body;
}

/** Status of an operation of the REST API, asked with a Bearer token. */
export async function accountStatus(mock: Mock, accessToken: unknown): Promise<number> {
  const headers = { authorization: `Bearer ${accessToken}` };
  const answer = await fetch(`${mock.sipgate.baseUrl}/account`, { headers });
  await answer.arrayBuffer();
  return answer.status;
}

export function pkce() {
  const verifier = randomBytes(32).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}

/** What Keycloak's error rows look like in a test. */
export const outcome = ({ status, body: { error, error_description: description } }: JsonAnswer) =>
  [status, error, description] as const;
