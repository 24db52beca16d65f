/** What the endpoints of the login server share. */
import type { SipgateState } from '../state.ts';
import type { AccessTokens } from './access-tokens.ts';
import type { Signatures } from './signatures.ts';
import type { Tokens } from './tokens.ts';

export interface LoginServer {
  state: SipgateState;
  signatures: Signatures;
  tokens: Tokens;
  accessTokens: AccessTokens;
}
