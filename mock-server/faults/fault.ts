/** What a fault is: which requests it meets, how often, and what becomes of them. */
import type { CredentialKind } from '../journal/filter.ts';

export interface FaultInput {
  /** Name of one's own; made up where absent. One of the same name is replaced. */
  id?: string;
  /** All of these; every request where absent. */
  match?: FaultMatch;
  /** How many requests it strikes until it is spent; without end where absent. */
  times?: number;
  /** Strikes only every so many-th request that matches. */
  every?: number;
  /** Strikes by chance, from 0 to 1; `--random-seed` makes the chance the same in each run. */
  probability?: number;
  /** How long the request is held back first, by the mock's clock. */
  delay?: Delay;
  /** Answers in the place of the imitated API. */
  answer?: FaultAnswer;
  /** What happens to the connection, or to the answer on its way. */
  connection?: ConnectionFault;
  /** For `connection: drip`. */
  drip?: { bytes?: number; every?: number | string };
  /** What is wrong with the tokens that are issued. */
  token?: TokenFault;
  /** Refuses with 429 what is more than so many requests in a window of the mock's time. */
  limit?: { requests: number; window: number | string; per?: 'client' | 'everyone' };
}

export interface FaultMatch {
  /** operationId, such as `sipgate.getAccount`; a star stands for anything. */
  operation?: string;
  provider?: string;
  method?: string;
  /** Path without the query; a star stands for anything. */
  path?: string;
  /** Owner of a credential that is good, or the client that a token request names. */
  client?: string;
  /** Scheme of the Authorization header. */
  credential?: CredentialKind;
}

/** A duration, or a distribution of durations: even, normal (never below 0), or log-normal. */
export type Delay =
  | number
  | string
  | { min: number | string; max: number | string }
  | { mean: number | string; deviation: number | string }
  | { median: number | string; p99: number | string };

export type FaultAnswer = PlainAnswer | OAuthErrorAnswer;

export interface PlainAnswer {
  status: number;
  headers?: Record<string, string>;
  /** JSON, or a text. */
  body?: unknown;
  /** Retry-After: a duration, or seconds. */
  retryAfter?: number | string;
}

/** RFC 6749 §5.2, RFC 6750 §3.1. */
export interface OAuthErrorAnswer {
  oauthError: string;
  description?: string;
  status?: number;
}

export const CONNECTION_FAULTS = ['reset', 'empty', 'truncated', 'drip', 'malformed-chunk'] as const;
export type ConnectionFault = (typeof CONNECTION_FAULTS)[number];

export const TOKEN_FAULTS = ['expired', 'wrong-signature', 'wrong-issuer', 'narrower-scope'] as const;
export type TokenFault = (typeof TOKEN_FAULTS)[number];

/** A fault in force, and what it has done. */
export interface FaultState extends FaultInput {
  id: string;
  /** Requests that matched. */
  met: number;
  /** Requests that it struck. */
  struck: number;
}

/** Where on a request's way a fault can be decided: as late as what it asks for is known, and no later. */
export type Stage = 'routed' | 'known' | 'issued';

export function stageOf({ match = {}, token, limit }: FaultInput): Stage {
  if (token !== undefined) return 'issued';
  return match.client !== undefined || (limit && limit.per !== 'everyone') ? 'known' : 'routed';
}

/** For the journal and the reason header. */
export function kindOf({ connection, answer, token, limit, delay }: FaultInput): string {
  if (connection) return connection;
  if (token) return `token ${token}`;
  if (limit) return 'limit';
  if (answer) return 'oauthError' in answer ? answer.oauthError : String(answer.status);
  return delay === undefined ? 'nothing' : 'delay';
}
