/** Questions that every topic asks. */
import type { Answer, Question } from '../../exchange.ts';
import type { Stage } from '../../scenario.ts';
import { CLIENTS } from '../cast.ts';

export type Client = (typeof CLIENTS)['all'];
type Change = Record<string, string | undefined>;

/** In the form. */
export const credentials = ({ clientId, clientSecret }: Client) => ({
  client_id: clientId,
  client_secret: clientSecret,
});

/** As it stands, without the encoding of RFC 6749 §2.3.1. */
export const basic = ({ clientId, clientSecret }: Client) => pair(`${clientId}:${clientSecret}`);
export const pair = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

export const token = (form: Change, more: Partial<Question> = {}): Question => ({
  path: '/oauth/token',
  form: { grant_type: 'client_credentials', ...form },
  ...more,
});

/** The good request, changed where `more` says so; undefined takes a parameter away. */
export const byClient = (more: Change = {}, client: Client = CLIENTS.all): Question =>
  token({ ...credentials(client), scope: 'account.read', ...more });

/** With credentials in the header alone. */
export const byHeader = (authorization: string, form: Change = { scope: 'account.read' }): Question =>
  token(form, { headers: { authorization } });

/** An access token. @throws if there is none, with the answer. */
export async function freshToken(stage: Stage, scope = 'account.read', client: Client = CLIENTS.all): Promise<string> {
  return tokenOf(await stage.quietly(byClient({ scope }, client)));
}

export function tokenOf({ status, body }: Answer): string {
  if (status !== 200) throw new Error(`no token: ${status} ${body.slice(0, 200)}`);
  return (JSON.parse(body) as { access_token: string }).access_token;
}

export const account = (accessToken?: string, more: Partial<Question> = {}): Question => ({
  path: '/api/v2/account',
  ...(accessToken !== undefined && { headers: { authorization: `Bearer ${accessToken}` } }),
  ...more,
});

export const revoke = (form: Change, headers: Record<string, string> = {}): Question => ({
  path: '/oauth/revoke',
  form,
  headers,
});
export const introspect = (form: Change, headers: Record<string, string> = {}): Question => ({
  path: '/oauth/introspect',
  form,
  headers,
});
export const info = (accessToken?: string): Question => ({ ...account(accessToken), path: '/oauth/token/info' });
