/** sipgate's login server: authorization requests that are right but for one thing (RFC 6749 §4.1.1), and who sends them. */
import { CheckFailure } from '../../check.ts';
import type { Reply } from '../../client.ts';
import { type CallOptions, required, type Session } from '../../session.ts';
import { changedForm, type FormChange } from '../../token-endpoint/endpoint.ts';
import { clientInput, type OwnClient, readClient, withClient } from '../own-client.ts';
import { APP_REALM, PUBLIC_CLIENT } from './endpoint.ts';

export const AUTHORIZE = 'sipgate.authorize';

/** A client as the login server knows it. */
export interface LoginClient {
  id: string;
  /** Absent for a public client. */
  secret?: string;
  /** The realm of the target's token endpoint if absent. */
  realm?: string;
  redirectUri: string;
}

export const paramsOf = ({ realm }: LoginClient): Record<string, string> => (realm === undefined ? {} : { realm });

/** The target's own client, with one of its redirect URIs; wildcards in it are filled in. */
export const seededClient = (session: Session): Promise<LoginClient> =>
  session.once('client of the target', async () => {
    const { id, secret } = required(session.target.sipgate?.client);
    const reply = await readClient(session, id);
    const [uri] = reply.status === 200 ? (reply.json().redirectUris as string[]) : [];
    if (uri === undefined) throw new CheckFailure('prerequisite: the client of the target has no redirect URI');
    const redirectUri = uri.replace(/:\*/, ':3000').replace('*.', 'sidetone.').replace(/\*$/, 'callback');
    return { id, secret, redirectUri };
  });

/** The public client of the vendor's guide. That this URI is registered is assumed, so it is for the fake alone. */
export const publicClient: LoginClient = {
  id: PUBLIC_CLIENT,
  realm: APP_REALM,
  redirectUri: 'https://app.sipgate.com/sidetone',
};

/** Lends a client for the time of `use`: nobody has consented to anything yet. */
export function withLoginClient(
  session: Session,
  use: (client: LoginClient, own: OwnClient) => Promise<void>,
  redirectUris: string[] = ['https://sidetone.example/callback'],
  change: Record<string, unknown> = {},
): Promise<void> {
  const lend = (own: OwnClient) => {
    const { id, secret } = own;
    const realm = /:(sipgate-apps|third-party)$/.exec(id)?.[1];
    return use({ id, secret, redirectUri: redirectUris[0] ?? '', ...(realm !== undefined && { realm }) }, own);
  };
  return withClient(session, lend, clientInput(session, { redirectUris, ...change }));
}

/** As a client may choose it: it has to come back byte for byte. */
export const STATE = 'a b+c&d=é%\'"<>/?~!*()';

/** The parameters of a right request but for `change`. */
export const authorizationForm = ({ id, redirectUri }: LoginClient, change: FormChange = {}) =>
  changedForm(
    { client_id: id, redirect_uri: redirectUri, response_type: 'code', scope: 'account:read', state: STATE },
    change,
  );

/**
 * A request of a browser that was never here, rightly but for `change` and `options`. What is word for word the same is
 * sent once in a run.
 */
export function authorize(
  session: Session,
  client: LoginClient,
  change: FormChange = {},
  options: CallOptions = {},
): Promise<Reply> {
  const request = { params: paramsOf(client), query: authorizationForm(client, change), ...options };
  return session.once(JSON.stringify([AUTHORIZE, request]), () => session.call(AUTHORIZE, request));
}
