/** The two credentials of sipgate's REST API: personal access token by Basic, OAuth access token by Bearer. */
import { isB64Token, parseBasic, sameSecret, splitAuthorization } from '../credentials.ts';
import type { ApiRequest, Authentication, Authenticator } from '../provider.ts';
import type { AccessTokens } from './login/access-tokens.ts';
import { findUser } from './login/users.ts';
import type { SipgateState } from './state.ts';

const ABSENT: Authentication = { kind: 'absent' };
const refused = (reason: string): Authentication => ({ kind: 'refused', reason });

export function createSipgateSchemes(state: SipgateState, tokens: AccessTokens): Record<string, Authenticator> {
  return {
    sipgatePat: (request) => authenticateBasic(request, state),
    sipgateOAuth: (request) => authenticateBearer(request, tokens),
  };
}

async function authenticateBasic(request: ApiRequest, state: SipgateState): Promise<Authentication> {
  const { scheme, credentials } = splitAuthorization(request.authorization[0] ?? '');
  if (scheme !== 'basic') return ABSENT;
  const basic = parseBasic(credentials);
  if (typeof basic === 'string') return refused(basic);
  const pat = await state.personalAccessTokens.get(basic.userId);
  // An unknown id costs a comparison too: the time must not tell which of the two was wrong.
  if (sameSecret(basic.password, pat?.token ?? '') && pat) {
    if (!(await state.users.get(pat.user))?.enabled) return refused('the user of the token is gone or disabled');
    return { kind: 'accepted', principal: { provider: 'sipgate', client: pat.id, user: pat.user, scopes: pat.scopes } };
  }
  return (
    (await authenticatePassword(basic.userId, basic.password, state)) ??
    refused(pat ? `wrong token for the token id "${pat.id}"` : 'no personal access token has this token id')
  );
}

async function authenticatePassword(email: string, password: string, state: SipgateState) {
  if (!state.settings.passwordBasic) return undefined;
  const user = await findUser(state, email);
  if (!sameSecret(password, user?.password ?? '') || !user?.enabled) return undefined;
  const principal = { provider: 'sipgate', client: user.email, user: user.id, scopes: ['all'] };
  return { kind: 'accepted', principal } satisfies Authentication;
}

async function authenticateBearer(request: ApiRequest, tokens: AccessTokens): Promise<Authentication> {
  const { scheme, credentials } = splitAuthorization(request.authorization[0] ?? '');
  if (scheme !== 'bearer') return ABSENT;
  if (credentials === '') return refused('the Bearer token is empty');
  if (!isB64Token(credentials)) return refused('the Bearer credentials are not one token (RFC 6750 §2.1)');
  const verified = await tokens.verify(credentials);
  return typeof verified === 'string' ? refused(verified) : { kind: 'accepted', principal: verified };
}
