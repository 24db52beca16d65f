/** An exchange in one line, for those who watch: without a secret, and without the messages. */
import { splitAuthorization } from '../credentials.ts';
import { type Jwt, readJwt } from '../jwt.ts';
import type { Mask } from '../masking/secrets.ts';
import { dealtTokens } from './carried-tokens.ts';
import type { RecordedExchange } from './exchange.ts';
import { authorizationOf, type CredentialKind, clientOf, credentialKind } from './filter.ts';

export interface ExchangeRow {
  /** '' for the world without a name. */
  namespace: string;
  id: number;
  /** The mock's time and real time of arrival, in milliseconds. */
  at: number;
  arrivedAt: number;
  method: string;
  /** Name of the vendor's host that it was meant for. */
  host: string | null;
  /** Path and query. */
  target: string;
  provider: string;
  operation: string | null;
  /** 0 where the connection ended without an answer; null while there is none. */
  status: number | null;
  milliseconds: number | null;
  credential: CredentialKind;
  /** Whose credential was good, or who the request says that it comes from. */
  client: string | null;
  /** Label of the request's Bearer token: the same wherever that token comes again. */
  token: string | null;
  reason: string | null;
  fault: { id: string; kind: string } | null;
  /** The access token that the answer deals. */
  dealt?: DealtToken;
}

export interface DealtToken {
  token: string;
  client: string | null;
  scope: string | null;
  /** Unix seconds of the mock's time; absent in a token that does not say. */
  expiresAt?: number;
}

/** More of a target is no line. */
const LONGEST = 500;

export const isOver = ({ answer, milliseconds, aborted }: RecordedExchange) =>
  answer !== undefined || milliseconds !== undefined || aborted === true;

export function rowOf(exchange: RecordedExchange, namespace: string, mask: Mask): ExchangeRow {
  const { scheme, credentials } = splitAuthorization(authorizationOf(exchange) ?? '');
  const bearer = scheme === 'bearer' && credentials !== '' ? credentials : undefined;
  const client = clientOf(exchange) ?? clientIn(bearer && readJwt(bearer));
  const dealt = dealtTokens(exchange).find(([name]) => name === 'access_token')?.[1];
  return {
    namespace,
    id: exchange.id,
    at: exchange.at,
    arrivedAt: exchange.arrivedAt,
    method: mask(exchange.method),
    host: exchange.host ?? null,
    target: cut(mask(cut(exchange.target, LONGEST * 4)), LONGEST),
    provider: exchange.provider,
    operation: exchange.operation ?? null,
    status: isOver(exchange) ? (exchange.answer?.status ?? 0) : null,
    milliseconds: exchange.milliseconds === undefined ? null : Math.round(exchange.milliseconds * 10) / 10,
    credential: credentialKind(authorizationOf(exchange)),
    client: client === undefined ? null : mask(client),
    token: bearer === undefined ? null : mask.secret(bearer),
    reason: exchange.reason === undefined ? null : mask(exchange.reason),
    fault: exchange.fault ?? null,
    ...(dealt !== undefined && { dealt: dealtToken(dealt, mask) }),
  };
}

function dealtToken(token: string, mask: Mask): DealtToken {
  const decoded = readJwt(token);
  const { exp, scope } = decoded?.claims ?? {};
  return {
    token: mask.secret(token),
    client: clientIn(decoded) ?? null,
    scope: typeof scope === 'string' ? scope : null,
    ...(typeof exp === 'number' && { expiresAt: exp }),
  };
}

/** Keycloak and Doorkeeper name it differently. */
function clientIn(token: Jwt | '' | undefined): string | undefined {
  const { azp, client_id: id } = (token || undefined)?.claims ?? {};
  const client = azp ?? id;
  return typeof client === 'string' ? client : undefined;
}

const cut = (text: string, length: number) => (text.length > length ? `${text.slice(0, length)}…` : text);
