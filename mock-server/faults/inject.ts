/** Lets a fault do its work on one request. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../clock.ts';
import type { Recording } from '../journal/record.ts';
import type { ApiRequest, Surface } from '../provider.ts';
import { type InjectedAnswer, injectedAnswer, withBody } from './answer.ts';
import { breakAnswer, closeEmpty, resetConnection } from './connection.ts';
import type { Strike } from './faults.ts';
import { limitHeaders } from './limiter.ts';

export interface Scene {
  incoming: IncomingMessage;
  response: ServerResponse;
  request: ApiRequest;
  surface: Surface;
  clock: Clock;
  recording?: Recording;
  /** Whether the answer says that it is injected. */
  reasonHeader: boolean;
}

/** True if the request goes on its way to the imitated API. */
export async function inject(strike: Strike, scene: Scene): Promise<boolean> {
  const { allowance, fault } = strike;
  const { incoming, response, clock, recording } = scene;
  if (allowance) {
    for (const [name, value] of Object.entries(limitHeaders(allowance))) response.setHeader(name, value);
    if (allowance.allowed) return true;
  }
  declare(strike, scene);
  if (!(await hold(strike.delay, scene))) return false;
  switch (fault.connection) {
    case undefined:
      break;
    case 'reset':
      recording?.complete(null);
      resetConnection(incoming);
      return false;
    case 'empty':
      recording?.complete(null);
      await closeEmpty(incoming);
      return false;
    default:
      breakAnswer(response, { fault, clock, ...(recording && { answered: recording.complete }) });
  }
  const answer = allowance ? TOO_MANY : fault.answer && injectedAnswer(fault.answer, scene.request, scene.surface);
  if (!answer) return true;
  write(answer, strike, scene);
  return false;
}

/** RFC 6585 §4. */
const TOO_MANY = withBody(429, {}, undefined);

/** The journal says whose work the answer is, and what is known of the request while it is held back. */
function declare({ id, kind }: Strike, { recording }: Scene): void {
  recording?.update({ id, kind });
}

/** False if the client has gone meanwhile. */
export async function hold(delay: number, { response, clock }: Pick<Scene, 'response' | 'clock'>): Promise<boolean> {
  if (delay === 0) return true;
  const gone = new AbortController();
  const leave = () => gone.abort();
  response.once('close', leave);
  await clock.wait(delay, gone.signal);
  response.off('close', leave);
  return !gone.signal.aborted;
}

function write({ status, headers, bytes }: InjectedAnswer, { id, kind }: Strike, scene: Scene): void {
  const { response, request, reasonHeader, recording } = scene;
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  const reason = `injected by the fault "${id}": ${kind}`;
  if (recording) recording.exchange.reason = reason;
  if (reasonHeader && status >= 400) response.setHeader('x-sidetone-reason', reason.replace(/[^\x20-\x7e]/g, '?'));
  const bodyless = status === 204 || status === 304 || request.method === 'HEAD';
  if (!bodyless && !response.hasHeader('content-length')) response.setHeader('content-length', bytes.length);
  response.end(bytes);
}
