/** What a check sent and what came back, kept beside its verdict: reports repeat, compare and replay it. */
import { AsyncLocalStorage } from 'node:async_hooks';

export interface TracedExchange {
  /** operationId, where the request is one of the document's. */
  operation?: string;
  /** ISO 8601, by this machine's clock. */
  startedAt: string;
  milliseconds: number;
  request: TracedRequest;
  /** Absent where none came: refused, reset, timed out. */
  response?: TracedResponse;
  /** Why none came. */
  error?: string;
}

export interface TracedRequest {
  method: string;
  url: string;
  /** A header that is sent several times has a list. */
  headers: Record<string, string | string[]>;
  body?: string;
}

export interface TracedResponse {
  status: number;
  /** By lower-case name; several lines joined by ", ". */
  headers: Record<string, string>;
  body: string;
}

const current = new AsyncLocalStorage<TracedExchange[]>();

/** Runs an action and collects what it sends. Checks that run at the same time do not see each other's. */
export async function traced<T>(exchanges: TracedExchange[], action: () => Promise<T>): Promise<T> {
  return current.run(exchanges, action);
}

/** Adds to the trace of the action that is running; nothing where nobody traces. */
export const trace = (...exchanges: TracedExchange[]): void => void current.getStore()?.push(...exchanges);

/** Asks the same so many times at once. Which of them comes first is chance, and so they are traced by their answers. */
export async function traceAtOnce<T>(count: number, ask: () => Promise<T>): Promise<T[]> {
  const exchanges: TracedExchange[] = [];
  try {
    return await traced(exchanges, () => Promise.all(Array.from({ length: count }, ask)));
  } finally {
    const rankOf = ({ response }: TracedExchange) => response?.status ?? 0;
    trace(...exchanges.sort((one, other) => rankOf(one) - rankOf(other)));
  }
}
