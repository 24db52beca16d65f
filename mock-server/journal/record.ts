/** Watches one request on its way, for the journal and for those who are told of exchanges. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ApiRequest } from '../provider.ts';
import { realTime } from '../real-time.ts';
import {
  arrival,
  boundedBody,
  boundedText,
  headerLines,
  type RecordedExchange,
  type Refusal,
  refusalOf,
} from './exchange.ts';
import type { Journal } from './journal.ts';

/** What is known of a request when its answer leaves. */
export interface Known {
  request: ApiRequest;
  operation?: { operationId: string };
  reason?: string;
  refusal?: Refusal;
}

export interface Recording {
  readonly exchange: RecordedExchange;
  /** What is known so far may be seen, though the answer is not there yet. */
  update(fault?: { id: string; kind: string }): void;
  /** The answer leaves with this body, or the connection ends without one. Counts once. */
  complete(body: Buffer | string | undefined | null): void;
}

export interface RecordingOptions {
  /** Absent where no journal is kept. */
  journal?: Journal;
  /** The mock's time. */
  at: number;
  /** `realTime()` of its arrival; now if absent. */
  started?: number;
  provider: string;
  /** Bytes of a body that are kept. */
  bodyLimit: number;
  known: () => Known;
  /** Told once, when the exchange is over. */
  done?: (exchange: RecordedExchange) => void;
}

export function startRecording(
  incoming: IncomingMessage,
  response: ServerResponse,
  options: RecordingOptions,
): Recording {
  const { journal, bodyLimit, known, started = realTime() } = options;
  const exchange = arrival(incoming, options.at, options.provider);
  const { vendorHost } = known().request;
  if (vendorHost) exchange.host = vendorHost.name;
  journal?.add(exchange);
  let over = false;

  const update: Recording['update'] = (fault) => {
    const { request, operation, reason, refusal } = known();
    if (operation) exchange.operation = operation.operationId;
    if (request.principal) exchange.principal = request.principal;
    if (request.body) exchange.body = boundedBody(request.body.bytes, bodyLimit);
    if (reason !== undefined) exchange.reason = reason;
    if (refusal) exchange.refusal = refusalOf(refusal);
    if (fault) exchange.fault = fault;
    journal?.changed();
  };
  const complete: Recording['complete'] = (body) => {
    if (over) return;
    over = true;
    exchange.milliseconds = realTime() - started;
    if (body !== null) {
      const sent = exchange.method === 'HEAD' ? undefined : body;
      exchange.answer = {
        status: response.statusCode,
        headers: headerLines(response),
        ...(sent && sent.length > 0 && { body: boundedText(sent, bodyLimit) }),
      };
    }
    update();
    options.done?.(exchange);
  };

  const end = response.end;
  // V8 puts a function that is written straight into a property among its old objects, where all that it knows of, this
  // whole exchange, outlives it: so one that a request gets has a name first, here and elsewhere.
  const recorded = function (this: ServerResponse, ...args: unknown[]) {
    complete(typeof args[0] === 'function' ? undefined : (args[0] as Buffer | string | undefined));
    return (end as (...all: unknown[]) => ServerResponse).apply(this, args);
  };
  response.end = recorded as typeof response.end;
  response.once('close', () => {
    if (!over) exchange.aborted = true;
    complete(null);
  });
  return { exchange, update, complete };
}
