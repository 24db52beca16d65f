/** What the control API can make SIPSIM do: deal tokens, send webhooks, have somebody call. */
import { InputError } from '../input-error.ts';
import type { Provider, TokenAuthority, WebhookAuthority } from '../provider.ts';
import type { Agenda } from './agenda.ts';
import { scopesOf } from './client-source.ts';
import { createCredentialAuthority } from './held-credentials.ts';
import { phonesOf } from './phones.ts';
import { receiveCall } from './placed-calls.ts';
import { type IntegrationRecord, SIPSIM_SCOPES } from './seed.ts';
import type { SipsimState } from './state.ts';
import { issueToken, resignToken, revokeToken, verifyToken } from './tokens.ts';
import { WEBHOOK_EVENTS, type WebhookEvent } from './webhook-events.ts';
import { samplePayload } from './webhook-samples.ts';
import { keyOf, ownUrl } from './webhooks.ts';

export const createControls = (
  state: SipsimState,
  agenda: Agenda,
): Pick<Provider, 'tokens' | 'credentials' | 'webhooks' | 'receiveCall'> => ({
  tokens: tokenAuthority(state),
  credentials: createCredentialAuthority(state),
  webhooks: webhookAuthority(state, agenda),
  receiveCall: (wish) => receiveCall(state, agenda, wish),
});

function tokenAuthority(state: SipsimState): TokenAuthority {
  return {
    mint: async ({ client: clientId, scopes, expiresIn }) => {
      const client = (await integrationsFor(state, clientId))[0];
      if (!client) throw new InputError('SIPSIM has no integration');
      const unknown = scopes?.find((scope) => !SIPSIM_SCOPES.includes(scope));
      if (unknown !== undefined) throw new InputError(`SIPSIM has no scope "${unknown}"`);
      return issueToken(state, client.clientId, scopes ?? scopesOf(client, state.settings), expiresIn);
    },
    revoke: (token) => revokeToken(state, token),
    judge: async (token) => {
      const verified = await verifyToken(state, token);
      return 'principal' in verified ? verified.principal : verified.refusal.reason;
    },
    resign: (token, change) => resignToken(state, token, change),
  };
}

/** The one that is named, or all. Throws an InputError for a name that nobody has. */
async function integrationsFor(state: SipsimState, clientId: string | undefined): Promise<IntegrationRecord[]> {
  const all = await state.integrations.all();
  if (clientId === undefined) return all;
  const named = all.filter((integration) => integration.clientId === clientId);
  if (named.length === 0) throw new InputError(`SIPSIM has no integration "${clientId}"`);
  return named;
}

function webhookAuthority(state: SipsimState, agenda: Agenda): WebhookAuthority {
  return {
    send: async (name, { client, url, payload = {} }) => {
      const event = eventNamed(name);
      const integrations = await integrationsFor(state, client);
      for (const integration of integrations) {
        const enabled = await state.webhooks.get(keyOf(integration, event));
        const target = url ?? enabled?.url ?? ownUrl(state, integration);
        if (target === undefined) continue;
        const { account } = integration;
        const number = (await phonesOf(state, account.id))[0]?.number ?? NO_PHONE;
        const sample = samplePayload(event, { account: account.id, number, now: state.clock.now() });
        return agenda.post({ integration, url: target, event, payload: { ...sample, ...payload } });
      }
      throw new InputError(NOWHERE);
    },
    deliveries: agenda.deliveries,
  };
}

/** Stands for the account where it has no phone. */
const NO_PHONE = '+492111234501';

const NOWHERE =
  'no integration has a URL for this event: name one in "url", in the setting sipsim.webhookUrl, ' +
  'or as webhookUrl of an integration in the seed';

function eventNamed(name: string): WebhookEvent {
  const event = [...WEBHOOK_EVENTS, 'test' as const].find((known) => known === name);
  if (!event) throw new InputError(`"${name}" is no event; expected one of ${WEBHOOK_EVENTS.join(', ')}, test`);
  return event;
}
