/** /api/v2/webhooks: which events an integration is told, and where. */
import type { ApiRequest, Operation } from '../provider.ts';
import { integrationOf } from './account.ts';
import { success } from './envelope.ts';
import { invalid, noSuch } from './errors.ts';
import { bodyMembers, textMember } from './parameters.ts';
import type { IntegrationRecord } from './seed.ts';
import type { SipsimState } from './state.ts';
import { WEBHOOK_EVENTS, type WebhookEvent } from './webhook-events.ts';

/** An event that an integration has enabled. */
export interface WebhookRecord {
  event: WebhookEvent;
  /** Instead of the integration's own URL. */
  url?: string;
}

export function createWebhookOperations(state: SipsimState): Record<string, Operation> {
  const current = async (integration: IntegrationRecord) => success(state, await enabledWebhooks(state, integration));
  return {
    'sipsim.getAvailableWebhooks': () =>
      success(
        state,
        WEBHOOK_EVENTS.map((event) => ({ event })),
      ),
    'sipsim.getWebhooks': async (request) => current(await integrationOf(state, request)),
    'sipsim.enableWebhook': async (request) => {
      const event = eventOf(request);
      const integration = await integrationOf(state, request);
      const url = urlMember(request);
      const record = { event, ...(url !== undefined && { url }) };
      const key = keyOf(integration, event);
      if (!(await state.webhooks.insert(key, record))) await state.webhooks.replace(key, record);
      return current(integration);
    },
    'sipsim.disableWebhook': async (request) => {
      const event = eventOf(request);
      const integration = await integrationOf(state, request);
      if (!(await state.webhooks.remove(keyOf(integration, event)))) throw noSuch('Enabled webhook', event);
      return current(integration);
    },
  };
}

function eventOf({ params }: ApiRequest): WebhookEvent {
  const event = WEBHOOK_EVENTS.find((known) => known === params.event);
  if (!event) throw noSuch('Event', params.event ?? '');
  return event;
}

function urlMember(request: ApiRequest): string | undefined {
  const url = textMember(bodyMembers(request), 'url');
  if (url !== undefined && !/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : '')) {
    throw invalid('url', 'must be an http or https URL');
  }
  return url;
}

async function enabledWebhooks(state: SipsimState, integration: IntegrationRecord) {
  const records = await Promise.all(WEBHOOK_EVENTS.map((event) => state.webhooks.get(keyOf(integration, event))));
  return records.flatMap((record) =>
    record ? [{ event: record.event, url: record.url ?? ownUrl(state, integration) ?? null }] : [],
  );
}

/** Where an event goes; undefined if it is not enabled or there is no URL. */
export async function webhookUrlOf(
  state: SipsimState,
  integration: IntegrationRecord,
  event: WebhookEvent,
): Promise<string | undefined> {
  const record = await state.webhooks.get(keyOf(integration, event));
  return record && (record.url ?? ownUrl(state, integration));
}

/** Where an integration's events go unless one has a URL of its own. */
export const ownUrl = ({ settings }: Pick<SipsimState, 'settings'>, { webhookUrl }: IntegrationRecord) =>
  webhookUrl || settings.webhookUrl || undefined;

export const keyOf = ({ clientId }: IntegrationRecord, event: WebhookEvent) => `${event}/${clientId}`;
