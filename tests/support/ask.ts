/** Short ways to ask the fake. */
import type { Mock } from '../../mock-server/index.ts';

export const basic = (id: string, secret: string) => `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
export const bearer = (token: string) => `Bearer ${token}`;

/** The demo token of the default data, as an Authorization header. */
export const demoPat = ({ credentials: { sipgate } }: Mock) => basic(sipgate.tokenId ?? '', sipgate.token ?? '');

/** A client's token by the form of RFC 6749 §4.4.2. */
export async function clientToken(
  url: string,
  clientId: string,
  clientSecret: string,
  scope: string,
): Promise<Response> {
  const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, scope };
  return fetch(url, { method: 'POST', body: new URLSearchParams(form) });
}

export async function accessTokenOf(answer: Response): Promise<string> {
  const { access_token: token } = (await answer.json()) as { access_token?: string };
  if (token === undefined) throw new Error(`no token: ${answer.status}`);
  return token;
}
