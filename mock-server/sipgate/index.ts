/** sipgate: REST API v2 and the Keycloak-shaped login server, as one provider. */
import { InputError } from '../input-error.ts';
import type { Keys } from '../keys.ts';
import type { ClientSource, Provider, SourcedClient, Surface, Surroundings } from '../provider.ts';
import { createAccountOperations } from './account.ts';
import { createSipgateSchemes } from './authentication.ts';
import { restSurface } from './errors.ts';
import { createCredentialAuthority } from './held-credentials.ts';
import { loginSurface } from './login/errors.ts';
import { createLoginOperations, createLoginServer } from './login/index.ts';
import type { Tokens } from './login/tokens.ts';
import { createClientOperations } from './oauth-clients.ts';
import type { ClientRecord, SipgateSeed } from './seed.ts';
import type { SipgateSettings } from './settings.ts';
import { allowedScopes, createSipgateState, type SipgateState, seedSipgate } from './state.ts';

export interface SipgateOptions extends Surroundings {
  /** Read at each seeding. */
  seed: SipgateSeed;
  /** Read at each request: changing a member takes effect at once. */
  settings: SipgateSettings;
  /** Every scope that openapi.yaml declares, with its description. */
  declaredScopes: Record<string, string>;
  keys: Keys;
  /** Scheme and authority of tokens that are minted without a request. */
  origin: () => string;
}

export interface SipgateProvider extends Provider {
  /** For the short form: sipgate's clients at another provider's token endpoint. */
  clients: ClientSource;
  /** For the short form: errors in sipgate's wire form under another prefix. */
  surfaceAt(prefix: string): Surface;
}

/** Issuer of every token, of those too that the alias on the other host deals. */
const LOGIN = 'https://login.sipgate.com';

export function createSipgate(options: SipgateOptions): SipgateProvider {
  const { clock, ids, lasting, store, signed, settings, declaredScopes, keys, origin } = options;
  const state = createSipgateState({ clock, ids, lasting, store, signed }, settings, declaredScopes);
  const login = createLoginServer(state, keys);
  const { tokens, accessTokens } = login;
  return {
    name: 'sipgate',
    schemes: createSipgateSchemes(state, accessTokens),
    operations: {
      ...createAccountOperations(state),
      ...createClientOperations(state),
      ...createLoginOperations(login, keys),
    },
    surfaces: [restSurface('/v2', state), loginSurface('/auth'), loginSurface('/login')],
    hosts: [
      { name: 'api.sipgate.com', origin: LOGIN, prefixes: ['/v2', '/login'] },
      { name: 'login.sipgate.com', origin: LOGIN, prefixes: ['/auth'] },
    ],
    seed: () => seedSipgate(state, options.seed),
    tokens: {
      mint: async ({ client: clientId, scopes, expiresIn }) => {
        const client = clientId === undefined ? (await state.clients.all())[0] : await state.clients.get(clientId);
        if (!client) throw new InputError(`sipgate has no client "${clientId}"`);
        const unknown = scopes?.find((scope) => scope !== 'openid' && !Object.hasOwn(declaredScopes, scope));
        if (unknown !== undefined) throw new InputError(`sipgate has no scope "${unknown}"`);
        const granted = scopes ?? allowedScopes(state, client);
        return issueFor(client, granted, { state, tokens, origin: origin() }, expiresIn);
      },
      revoke: accessTokens.revoke,
      judge: accessTokens.verify,
      resign: login.signatures.resign,
    },
    credentials: createCredentialAuthority(state),
    memory: memoryOf(state),
    clients: createClientSource({ state, tokens, origin }),
    surfaceAt: (prefix) => restSurface(prefix, state),
  };
}

/** Without these no token that was issued before would be known. */
const memoryOf = (state: SipgateState): NonNullable<Provider['memory']> => ({
  save: () => ({
    generation: state.generation,
    ownSecret: Buffer.from(state.ownSecret).toString('base64url'),
  }),
  restore: ({ generation = '', ownSecret = '' }) => {
    state.generation = generation;
    state.ownSecret = Buffer.from(ownSecret, 'base64url');
  },
});

interface Issuer {
  state: SipgateState;
  tokens: Tokens;
  origin: string;
}

async function issueFor(client: ClientRecord, scopes: string[], issuer: Issuer, expiresIn?: number) {
  const { realm } = client;
  const type = 'client_credentials' as const;
  const grant = { type, origin: issuer.origin, realm, client, scopes, ...(expiresIn !== undefined && { expiresIn }) };
  const issued = await issuer.tokens.issue(grant);
  return { accessToken: issued.accessToken, expiresIn: issued.expiresIn, scopes, createdAt: issued.issuedAt };
}

function createClientSource({
  state,
  tokens,
  origin,
}: Omit<Issuer, 'origin'> & { origin: () => string }): ClientSource {
  const sourced = (client: ClientRecord): SourcedClient => ({
    clientId: client.clientId,
    // A public client has no secret to prove itself with: it may not use this grant.
    clientSecret: client.clientSecret ?? state.ids.uuid(),
    clientCredentials: client.serviceAccount,
    scopes: allowedScopes(state, client),
    defaultScopes: client.defaultScopes,
  });
  return {
    find: async (clientId) => {
      const client = await state.clients.get(clientId);
      return client?.enabled ? sourced(client) : undefined;
    },
    issue: async ({ clientId }, scopes) => {
      const client = await state.clients.get(clientId);
      if (!client) throw new Error(`the client "${clientId}" went while its token was made`);
      return issueFor(client, scopes, { state, tokens, origin: origin() });
    },
  };
}
