/** SIPSIM's token endpoint: Doorkeeper's. */
import type { Reply } from '../client.ts';
import { basic, type CallOptions, required, type Session } from '../session.ts';
import type { TokenEndpoint } from '../token-endpoint/endpoint.ts';

export const DOORKEEPER = 'Doorkeeper 5.8';

export const sipsimEndpoint: TokenEndpoint = {
  provider: 'sipsim',
  operation: 'sipsim.createToken',
  needs: ['sipsim.client'],
  client: ({ sipsim }) => required(sipsim?.client),
  basic,
  resource: 'sipsim.getAccount',
  scope: 'account.read',
  otherScope: 'calls.read',
  members: ['access_token', 'token_type', 'expires_in', 'scope', 'created_at'],
  expiresIn: 7200,
  basicInAnyCase: false,
  tabDividesScopes: true,
  engine: 'SIPSIM authentication page',
  evidence: 'documented',
};

/** Asks for the account. What is word for word the same is sent once in a run. */
export const askAccount = (session: Session, options: CallOptions = {}): Promise<Reply> =>
  session.once(JSON.stringify([sipsimEndpoint.resource, options]), () =>
    session.call(sipsimEndpoint.resource, options),
  );
