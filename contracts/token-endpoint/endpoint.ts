/** A token endpoint as a check asks it: what differs from one API to the other, and requests that are right but for one thing. */
import { CheckFailure, type Evidence, type Need, type ProviderName } from '../check.ts';
import type { Reply } from '../client.ts';
import { expectEqual, expectHeader, expectMember, expectThat } from '../expect.ts';
import { bearer, type CallOptions, type Session } from '../session.ts';
import type { BasicPair, Target } from '../targets.ts';

export interface TokenEndpoint {
  provider: ProviderName;
  /** operationId of the endpoint. */
  operation: string;
  needs: Need[];
  client(target: Target): BasicPair;
  /** Basic credentials of a client, as this server reads them. */
  basic(pair: BasicPair): string;
  /** operationId of what `scope` opens, and `otherScope` does not. */
  resource: string;
  scope: string;
  otherScope: string;
  /** Members of a token answer to client credentials, in their order. */
  members: string[];
  /** Life of an access token in seconds. */
  expiresIn: number;
  /** Where the server's deviations from the RFCs are known from. */
  engine: string;
  /** Whether RFC 9110 §11.1 holds: the scheme name Basic in any case. */
  basicInAnyCase: boolean;
  /** Whether a tab divides scopes as a space does, against RFC 6749 §3.3. */
  tabDividesScopes: boolean;
  /** How success is known, where openapi.yaml says more than the RFCs. */
  evidence: Evidence;
}

/** Members of a form to set; undefined leaves one out. */
export type FormChange = Record<string, string | undefined>;

/** A form with members changed or left out. */
export function changedForm(form: Record<string, string>, change: FormChange): Record<string, string> {
  const members = Object.entries({ ...form, ...change });
  return Object.fromEntries(members.filter((member): member is [string, string] => member[1] !== undefined));
}

/** The form of a right client credentials request but for `change`. */
export function clientForm(endpoint: TokenEndpoint, { target }: Session, change: FormChange = {}) {
  const { id, secret } = endpoint.client(target);
  const form = { grant_type: 'client_credentials', client_id: id, client_secret: secret, scope: endpoint.scope };
  return changedForm(form, change);
}

/**
 * Asks for a token by client credentials, rightly but for `change` and `options`. What is word for word the same is sent
 * once in a run.
 */
export function requestToken(
  endpoint: TokenEndpoint,
  session: Session,
  change: FormChange = {},
  options: CallOptions = {},
): Promise<Reply> {
  const request = { form: clientForm(endpoint, session, change), ...options };
  return session.once(JSON.stringify([endpoint.operation, request]), () => session.call(endpoint.operation, request));
}

/** Asks with credentials in the Authorization header alone. */
export const requestByHeader = (
  endpoint: TokenEndpoint,
  session: Session,
  authorization: string,
  change: FormChange = {},
): Promise<Reply> =>
  requestToken(endpoint, session, { client_id: undefined, client_secret: undefined, ...change }, { authorization });

/** The answer that has a token, for checks of what is in it. */
export async function tokenAnswer(endpoint: TokenEndpoint, session: Session, change: FormChange = {}): Promise<Reply> {
  return proveGranted(await requestToken(endpoint, session, change));
}

/** An answer with a token that nothing else of the run uses. */
export async function freshToken(endpoint: TokenEndpoint, session: Session): Promise<Reply> {
  return proveGranted(await session.call(endpoint.operation, { form: clientForm(endpoint, session) }));
}

function proveGranted(reply: Reply): Reply {
  if (reply.status !== 200) throw new CheckFailure(`prerequisite: no token: ${reply.status} ${reply.text}`);
  return reply;
}

/** Uses the access token of an answer where its scope leads. */
export const useToken = (endpoint: TokenEndpoint, session: Session, granted: Reply): Promise<Reply> =>
  session.call(endpoint.resource, { authorization: bearer(expectMember(granted, 'access_token', 'string')) });

/** RFC 6749 §5.1: no-store, and no-cache for those who are older than it. */
export function expectUncacheable(reply: Reply): void {
  const directives = expectHeader(reply, 'Cache-Control').split(/\s*,\s*/);
  expectThat(directives.includes('no-store'), reply, 'expected Cache-Control to have no-store');
  expectEqual(reply, 'Pragma', expectHeader(reply, 'Pragma'), 'no-cache');
}

/** Every byte as `%XX`: means the same to whoever decodes it, and something else to whoever does not. */
export const percentEncoded = (text: string): string =>
  [...Buffer.from(text)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
