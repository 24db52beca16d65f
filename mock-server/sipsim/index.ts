/** SIPSIM: Doorkeeper-shaped token endpoint and API v2, as one provider. */
import type { ClientSource, Provider, Surroundings } from '../provider.ts';
import { createAccountOperations } from './account.ts';
import { createAgenda } from './agenda.ts';
import { authenticate } from './authentication.ts';
import { createCallTagOperations } from './call-tags.ts';
import { createCallOperations } from './calls.ts';
import { createClientSource } from './client-source.ts';
import { createControls } from './controls.ts';
import { apiSurface, tokenSurface } from './errors.ts';
import { createPhoneOperations } from './phones.ts';
import { createPlacedCallOperations } from './placed-calls.ts';
import type { SipsimSeed } from './seed.ts';
import { seedSipsim } from './seeding.ts';
import type { SipsimSettings } from './settings.ts';
import { createSipsimState } from './state.ts';
import { createTagOperations } from './tags.ts';
import { createTokenEndpoint } from './token.ts';
import { createTokenQuestions } from './token-questions.ts';
import { createTranscriptionOperations } from './transcription.ts';
import { createWebhookOperations } from './webhooks.ts';

export interface SipsimOptions extends Surroundings {
  /** Read at each seeding. */
  seed: SipsimSeed;
  /** Read at each request: changing a member takes effect at once. */
  settings: SipsimSettings;
  /** For the short form: further clients that the token endpoint serves when no integration has the id. */
  furtherClients?: ClientSource[];
  /** Sends webhooks. Default: the runtime's own. */
  fetch?: typeof globalThis.fetch;
}

export function createSipsim(options: SipsimOptions): Provider {
  const { clock, ids, lasting, store, signed, settings, furtherClients = [], fetch = globalThis.fetch } = options;
  const state = createSipsimState({ clock, ids, lasting, store, signed }, { settings, fetch });
  const agenda = createAgenda(state);
  const integrations = createClientSource(state);
  return {
    name: 'sipsim',
    schemes: { sipsimOAuth: (request) => authenticate(request, state) },
    operations: {
      'sipsim.createToken': createTokenEndpoint(settings, integrations, furtherClients),
      ...createTokenQuestions(state, integrations),
      ...createAccountOperations(state),
      ...createPhoneOperations(state),
      ...createCallOperations(state),
      ...createPlacedCallOperations(state, agenda),
      ...createCallTagOperations(state, agenda),
      ...createTranscriptionOperations(state, agenda),
      ...createTagOperations(state),
      ...createWebhookOperations(state),
    },
    surfaces: [tokenSurface(state), apiSurface(state)],
    hosts: [{ name: 'app.sipsim.com', origin: 'https://app.sipsim.com', prefixes: ['/api/v2', '/oauth'] }],
    seed: () => {
      agenda.clear();
      return seedSipsim(state, options.seed);
    },
    ...createControls(state, agenda),
    memory: {
      save: () => ({ tokenSecret: Buffer.from(state.tokenSecret).toString('base64url') }),
      restore: ({ tokenSecret = '' }) => {
        state.tokenSecret = Buffer.from(tokenSecret, 'base64url');
        agenda.wake();
      },
    },
    close: agenda.close,
  };
}
