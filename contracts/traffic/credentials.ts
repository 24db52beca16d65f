/** What a request of an application proves itself by, and what is known of a token that was dealt before its eyes. */
import type { DeclaredOperation } from '../document.ts';
import type { TracedExchange } from '../trace.ts';

/** none: nothing that proves who asks. other: something that no operation here takes. */
export type CredentialKind = 'none' | 'basic' | 'bearer' | 'other';

export function credentialOf({ request }: TracedExchange): CredentialKind {
  const [line] = [request.headers.authorization ?? []].flat();
  const scheme = line?.split(' ')[0]?.toLowerCase();
  if (scheme !== undefined) return scheme === 'basic' || scheme === 'bearer' ? scheme : 'other';
  // RFC 6750 §2.2, §2.3: a token may come in the query or the form.
  return /(?:^|[?&])access_token=/.test(`${request.url}&${request.body ?? ''}`) ? 'other' : 'none';
}

/** Kinds of credentials that open an operation, by the names of its security schemes. */
export const kindsOf = ({ security }: DeclaredOperation): CredentialKind[] =>
  [...new Set(security.flatMap((alternative) => Object.keys(alternative)))].map((scheme) =>
    scheme.endsWith('OAuth') ? 'bearer' : 'basic',
  );

/** A token whose answer passed by. */
export interface DealtToken {
  /** Name of the security scheme whose token it is. */
  scheme: string;
  /** Absent where the answer does not say. */
  scopes?: string[];
  /** Milliseconds since 1970, where the answer says how long it lives. */
  expiresAt?: number;
}

export interface DealtTokens {
  learn(exchange: TracedExchange, operation: DeclaredOperation): void;
  /** The token that a request carries, if it is one of these. */
  of(exchange: TracedExchange): DealtToken | undefined;
}

/** As many as are remembered: the oldest are forgotten first. */
const MOST = 10_000;

export function createDealtTokens(): DealtTokens {
  const known = new Map<string, DealtToken>();
  return {
    learn: ({ startedAt, response }, { provider }) => {
      const answer = response?.status === 200 ? memberOf(response.body) : {};
      const { access_token: token, scope, expires_in: expiresIn } = answer;
      // Of the short form, a token may be either API's.
      if (typeof token !== 'string' || typeof answer.token_type !== 'string' || provider === 'shortForm') return;
      known.set(token, {
        scheme: provider === 'sipsim' ? 'sipsimOAuth' : 'sipgateOAuth',
        ...(typeof scope === 'string' && { scopes: scope.split(' ').filter(Boolean) }),
        ...(typeof expiresIn === 'number' && { expiresAt: Date.parse(startedAt) + expiresIn * 1_000 }),
      });
      const [oldest] = known.keys();
      if (known.size > MOST && oldest !== undefined) known.delete(oldest);
    },
    of: ({ request }) => {
      const [, token] = /^Bearer +(\S+)$/i.exec([request.headers.authorization ?? []].flat()[0] ?? '') ?? [];
      return token === undefined ? undefined : known.get(token);
    },
  };
}

function memberOf(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** A server's clock may be behind ours. */
const LEEWAY = 60_000;

/** Why a token may not open an operation; undefined if it may. */
export function obstacleOf(token: DealtToken, { security }: DeclaredOperation, askedAt: string): string | undefined {
  const { scheme, scopes, expiresAt } = token;
  if (expiresAt !== undefined && Date.parse(askedAt) > expiresAt + LEEWAY) {
    return `a token that expired ${Math.round((Date.parse(askedAt) - expiresAt) / 1_000)} s before`;
  }
  if (scopes === undefined) return undefined;
  const alternatives = security.flatMap((alternative) => alternative[scheme] ?? []);
  const takesIt = security.some((alternative) => alternative[scheme]?.every((scope) => scopes.includes(scope)));
  if (takesIt) return undefined;
  return `a token with ${scopes.join(' ') || 'no scope'}; it takes one of: ${alternatives.join(', ') || 'none of its kind'}`;
}
