/** An answer that a fault gives in the place of the imitated API. No document declares it, and nothing judges it. */
import { parseDuration } from '../clock.ts';
import { ApiError } from '../errors.ts';
import type { Answer, ApiRequest, Surface } from '../provider.ts';
import type { FaultAnswer, OAuthErrorAnswer } from './fault.ts';

type Headers = NonNullable<Answer['headers']>;

export interface InjectedAnswer {
  status: number;
  headers: Headers;
  bytes: Buffer;
}

export function injectedAnswer(answer: FaultAnswer, request: ApiRequest, surface: Surface): InjectedAnswer {
  if ('oauthError' in answer) return oauthAnswer(answer, request, surface);
  const { status, retryAfter } = answer;
  const headers = lowerCased(answer.headers ?? {});
  // RFC 9110 §10.2.3: whole seconds.
  if (retryAfter !== undefined) headers['retry-after'] = String(Math.ceil(seconds(retryAfter)));
  return withBody(status, headers, answer.body);
}

const seconds = (duration: number | string) =>
  typeof duration === 'number' ? duration : parseDuration(duration) / 1000;
const lowerCased = (headers: Headers): Headers =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

export function withBody(status: number, headers: Headers, body: unknown): InjectedAnswer {
  const text = typeof body === 'string' ? body : body === undefined || body === null ? '' : JSON.stringify(body);
  const type = typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json';
  return { status, headers: { ...(text !== '' && { 'content-type': type }), ...headers }, bytes: Buffer.from(text) };
}

/** Statuses of RFC 6749 §5.2 and RFC 6750 §3.1 that are not 400. */
const STATUSES: Record<string, number> = {
  invalid_client: 401,
  invalid_token: 401,
  insufficient_scope: 403,
  server_error: 500,
  temporarily_unavailable: 503,
};

/** Errors of a resource leave in the API's own wire form, those of a token endpoint in RFC 6749's. */
function oauthAnswer(answer: OAuthErrorAnswer, request: ApiRequest, surface: Surface) {
  const { oauthError: code, description = 'Injected fault' } = answer;
  const status = answer.status ?? STATUSES[code] ?? 400;
  if (code === 'invalid_token' || code === 'insufficient_scope') {
    const written = surface.write(new ApiError(status, code, description), request);
    return withBody(
      written.status,
      lowerCased({ ...surface.headers(request, written), ...written.headers }),
      written.body,
    );
  }
  const headers = { ...surface.headers(request, { status }), 'cache-control': 'no-store' };
  return withBody(status, lowerCased(headers), { error: code, error_description: description });
}
