/** The signature of a webhook: hex HMAC-SHA256 of `timestamp.body` (SIPSIM guides), made and checked. */
import { createHmac, timingSafeEqual } from 'node:crypto';

export const TIMESTAMP_HEADER = 'X-Webhook-Timestamp';
export const SIGNATURE_HEADER = 'X-Webhook-Signature';

/** @param timestamp Unix seconds. */
export const signWebhook = (secret: string, timestamp: string, rawBody: string | Uint8Array): string =>
  createHmac('sha256', secret).update(`${timestamp}.`).update(rawBody).digest('hex');

export interface VerifyWebhookOptions {
  /** Seconds that the timestamp may be away from now; not looked at if absent, for the vendor names no limit. */
  tolerance?: number;
  /** Unix seconds, for `tolerance`; default: real time. */
  now?: number;
}

/** Of fetch's Headers, or of Node's request. */
export type WebhookHeaders = Headers | Record<string, string | string[] | undefined>;

/**
 * Whether a webhook comes from who has the secret, and was not changed on its way. The body must be the bytes that came,
 * not what a parser made of them.
 *
 * @example
 * if (!verifyWebhook(secret, request.headers, rawBody)) return response.writeHead(401).end();
 */
export function verifyWebhook(
  secret: string,
  headers: WebhookHeaders,
  rawBody: string | Uint8Array,
  { tolerance, now = Date.now() / 1000 }: VerifyWebhookOptions = {},
): boolean {
  const timestamp = headerOf(headers, TIMESTAMP_HEADER);
  const signature = headerOf(headers, SIGNATURE_HEADER);
  if (timestamp === undefined || !/^\d{1,12}$/.test(timestamp)) return false;
  if (signature === undefined || !/^[0-9a-f]{64}$/.test(signature)) return false;
  if (tolerance !== undefined && Math.abs(now - Number(timestamp)) > tolerance) return false;
  const expected = signWebhook(secret, timestamp, rawBody);
  return timingSafeEqual(Buffer.from(signature), Buffer.from(expected));
}

/** One value; undefined where there is none or several. */
function headerOf(headers: WebhookHeaders, name: string): string | undefined {
  if (headers instanceof Headers) return headers.get(name) ?? undefined;
  const values = Object.entries(headers).flatMap(([key, value]) =>
    key.toLowerCase() === name.toLowerCase() ? (value ?? []) : [],
  );
  return values.length === 1 ? values[0] : undefined;
}
