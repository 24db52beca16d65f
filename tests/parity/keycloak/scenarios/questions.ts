/** Questions that every topic asks. */
import type { Fields, Question } from '../../exchange.ts';
import { CALLBACK, CLIENTS, type Client, USERS } from '../cast.ts';

export const OIDC = '/auth/realms/third-party/protocol/openid-connect';

/** Client credentials in the form, as sipgate documents them. */
export const credentials = ({ clientId, clientSecret }: Client) => ({
  client_id: clientId,
  ...(clientSecret !== undefined && { client_secret: clientSecret }),
});

/** The client credentials grant, which needs nothing else, as a form that can be added to. */
export const clientForm = (client: Client) =>
  new URLSearchParams({ grant_type: 'client_credentials', ...credentials(client) });

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

/** Good requests but for some parameters each, by what is changed. */
export const authorizations = (changes: Record<string, string | undefined>[], client: Client = CLIENTS.shop) =>
  Object.fromEntries(changes.map((more) => [titleOf(more), authorization(client, more)]));

const titleOf = (more: Record<string, string | undefined>) =>
  Object.entries(more)
    .map(([name, value = '(absent)']) => `${name}=${value.length > 60 ? `${value.length} letters` : value}`)
    .join(', ') || 'nothing changed';

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
