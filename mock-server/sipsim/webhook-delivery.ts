/** One webhook on its way: a signed POST, two seconds for the answer, 2xx is delivered (SIPSIM guides). Never repeated. */
import { isLoopbackAuthority } from '../loopback.ts';
import type { Delivery } from '../provider.ts';
import { realTime } from '../real-time.ts';
import { wireTime } from './envelope.ts';
import type { IntegrationRecord } from './seed.ts';
import type { SipsimState } from './state.ts';
import type { Payload, WebhookEvent } from './webhook-events.ts';
import { SIGNATURE_HEADER, signWebhook, TIMESTAMP_HEADER } from './webhook-signature.ts';

const TIMEOUT = 2_000;
/** Characters of an answer that are kept. */
const LONGEST_ANSWER = 4_096;

export interface Posting {
  integration: IntegrationRecord;
  url: string;
  event: WebhookEvent;
  payload: Payload;
}

/** @param signal ends it early. */
export async function deliver(
  state: Pick<SipsimState, 'clock' | 'ids' | 'settings' | 'fetch'>,
  { integration, url, event, payload }: Posting,
  signal: AbortSignal,
): Promise<Delivery> {
  const body = JSON.stringify(payload);
  const timestamp = String(state.clock.seconds());
  const signature = signWebhook(webhookSecretOf(integration), timestamp, body);
  const headers = { 'Content-Type': 'application/json', [TIMESTAMP_HEADER]: timestamp, [SIGNATURE_HEADER]: signature };
  const { clientId: client } = integration;
  const sent = { id: state.ids.uuid(), provider: 'sipsim', client, event, url, time: wireTime(state.clock.now()) };
  const refusal = whyForbidden(url, state.settings.webhookHosts);
  const begun = realTime();
  const outcome: Outcome =
    refusal === undefined ? await post(state.fetch, url, { headers, body }, signal) : { error: refusal };
  const milliseconds = Math.round(realTime() - begun);
  const status = outcome.answer?.status ?? 0;
  const delivered = status >= 200 && status < 300;
  return { ...sent, headers, payload, delivered, ...outcome, milliseconds };
}

/** What the guides do not say where it comes from: the client's own secret, unless the seed has another (assumed). */
export const webhookSecretOf = ({ webhookSecret, clientSecret }: IntegrationRecord) => webhookSecret ?? clientSecret;

type Outcome = Pick<Delivery, 'answer' | 'error'>;

async function post(
  fetch: typeof globalThis.fetch,
  url: string,
  { headers, body }: { headers: Record<string, string>; body: string },
  signal: AbortSignal,
): Promise<Outcome> {
  const late = AbortSignal.timeout(TIMEOUT);
  try {
    // Followed, a redirect would lead to a host that nobody allowed.
    const options = { method: 'POST', headers, body, redirect: 'manual' as const };
    const answer = await fetch(url, { ...options, signal: AbortSignal.any([late, signal]) });
    const text = (await answer.text()).slice(0, LONGEST_ANSWER);
    return { answer: { status: answer.status, headers: Object.fromEntries(answer.headers), body: text } };
  } catch (cause) {
    return { error: late.aborted ? `no answer within ${TIMEOUT} ms` : reasonOf(cause) };
  }
}

function reasonOf(thrown: unknown): string {
  const { message, cause } = thrown as Error;
  return cause instanceof Error ? cause.message || String((cause as { code?: string }).code) : message;
}

/** Why an address is not called: a fake in a test must not reach a stranger's server. */
export function whyForbidden(url: string, allowed: readonly string[]): string | undefined {
  if (!URL.canParse(url)) return `"${url}" is no URL`;
  const { protocol, hostname, host } = new URL(url);
  if (protocol !== 'http:' && protocol !== 'https:') return `${protocol} is neither http: nor https:`;
  if (isLoopbackAuthority(host) || allowed.includes(hostname)) return undefined;
  return `"${hostname}" is not this machine; allow it by name in the setting sipsim.webhookHosts`;
}
