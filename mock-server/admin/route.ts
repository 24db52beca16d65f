/** A route of the control API: what it does, and what its document says of it, in one place. */
import type { ServerResponse } from 'node:http';
import { InputError } from '../input-error.ts';
import type { Namespaces } from '../namespaces.ts';
import type { World } from '../world.ts';

export interface AdminRoute {
  method: 'get' | 'put' | 'post' | 'patch' | 'delete';
  /** Below `/__admin`, with `{name}` for a parameter. */
  path: string;
  operationId: string;
  summary: string;
  query?: Record<string, { description: string; schema: object }>;
  /** JSON Schema of the request body; the handler judges it. */
  body?: object;
  /** By status: JSON Schema of the answer; null for an empty one. Its media type is JSON's unless another is named. */
  answers: Record<number, { description: string; schema: object | null; type?: string }>;
  handle(ask: AdminAsk): AdminAnswer | Promise<AdminAnswer>;
}

export interface AdminAsk {
  world: World;
  /** The one without a name. */
  root: World;
  namespaces: Namespaces<World>;
  /** PEM. */
  authority: string | undefined;
  /** Whether the imitated APIs have the short form. */
  shortForm: boolean;
  /** What the world was told of verdicts. */
  reports: { last?: object };
  params: Record<string, string>;
  query: URLSearchParams;
  /** The body as a JSON object; throws an InputError if it is none. */
  body(): Record<string, unknown>;
  /** The same, and empty where there is none. */
  bodyIfAny(): Record<string, unknown>;
}

export interface AdminAnswer {
  status: number;
  body?: unknown;
  /** Writes the answer itself, and goes on with it. */
  stream?(response: ServerResponse): void;
}

/** A schema of a named part of the document. */
export const part = (name: string) => ({ $ref: `#/components/schemas/${name}` });
export const EMPTY = (description: string) => ({ description, schema: null });

/** One of the values that a query parameter may have more than once is none. */
export function only(query: URLSearchParams, known: string[]): void {
  for (const name of new Set(query.keys())) {
    if (!known.includes(name)) throw new InputError(`"${name}" is no parameter here; there are: ${known.join(', ')}`);
    if (query.getAll(name).length > 1) throw new InputError(`"${name}" stands more than once`);
  }
}

export function wholeNumber(query: URLSearchParams, name: string, least = 0): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  if (!/^\d{1,9}$/.test(text) || Number(text) < least) {
    throw new InputError(`"${name}" must be a whole number from ${least} on, not "${text}"`);
  }
  return Number(text);
}
