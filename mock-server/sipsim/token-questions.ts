/** /oauth/revoke, /oauth/introspect and /oauth/token/info, as Doorkeeper has them. The vendor documents none of the three. */
import { ApiError } from '../errors.ts';
import type { Answer, ApiRequest, ClientSource, Operation } from '../provider.ts';
import { tokenOf } from './authentication.ts';
import { authenticateClient, namesClient } from './client-authentication.ts';
import { invalidToken, notAuthorized, revocationRefused } from './errors.ts';
import type { SipsimState } from './state.ts';
import { type Parameters, readParameters } from './token-parameters.ts';
import { type KnownToken, readToken, refusalOf, revokeToken } from './tokens.ts';

/** @param integrations whose tokens these are. */
export function createTokenQuestions(state: SipsimState, integrations: ClientSource): Record<string, Operation> {
  const client = async (request: ApiRequest, parameters: Parameters) =>
    (await authenticateClient(request, parameters, state.settings, [integrations])).client.clientId;
  return {
    'sipsim.revokeToken': async (request) => {
      const parameters = readParameters(request, state.settings);
      const asking = await client(request, parameters).catch((error: unknown) => {
        throw error instanceof ApiError && error.status === 401 ? revocationRefused(error.reason) : error;
      });
      const text = parameters.get('token') ?? '';
      const token = await readToken(state, text);
      if (token && token.client !== asking) throw revocationRefused('the token belongs to another client');
      await revokeToken(state, text);
      return { status: 200, body: {} };
    },
    'sipsim.introspectToken': async (request) => {
      const parameters = readParameters(request, state.settings);
      const token = await readToken(state, parameters.get('token') ?? '');
      const asking = namesClient(request, parameters)
        ? await client(request, parameters)
        : await holderOf(state, request, parameters, token);
      return introspection(token?.client === asking ? token : undefined);
    },
    'sipsim.getTokenInfo': async (request) => {
      const token = await readToken(state, tokenOf(request) ?? '');
      if (token?.fate === 'alive') return tokenInfo(token, state.clock.seconds());
      // Why the token is dead is not told here (measured).
      throw invalidToken('The access token is invalid', refusalOf(state, token).reason);
    },
  };
}

/** Client id of the access token that asks, which must be another one of the same client. */
async function holderOf(
  state: SipsimState,
  request: ApiRequest,
  parameters: Parameters,
  asked: KnownToken | undefined,
): Promise<string> {
  const text = tokenOf(request) ?? parameters.get('access_token') ?? parameters.get('bearer_token');
  const asking = text === undefined ? undefined : await readToken(state, text);
  if (!asking) throw notAuthorized();
  if (asking.fate === 'alive' && asked?.client === asking.client && asked.id !== asking.id) return asking.client;
  const { description, reason } = refusalOf(state, asking);
  throw invalidToken(
    description,
    asking.fate === 'alive' ? 'it may ask about other tokens of its client alone' : reason,
  );
}

function introspection(token: KnownToken | undefined): Answer {
  if (token?.fate !== 'alive') return { status: 200, body: { active: false } };
  const { scopes, client, expiresAt = 0, issuedAt } = token;
  const scope = scopes.join(' ');
  const body = { active: true, scope, client_id: client, token_type: 'Bearer', exp: expiresAt, iat: issuedAt };
  return { status: 200, body };
}

const tokenInfo = ({ scopes, expiresAt, client, issuedAt }: KnownToken, now: number): Answer => ({
  status: 200,
  body: {
    resource_owner_id: null,
    scope: scopes,
    expires_in: expiresAt === undefined ? null : expiresAt - now,
    application: { uid: client },
    created_at: issuedAt,
  },
});
