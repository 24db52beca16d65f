/** The grants that the token endpoint knows. A new one is a file and a line here. */
import type { Form } from '../../../forms.ts';
import type { ClientRecord } from '../../seed.ts';
import type { SipgateState } from '../../state.ts';
import type { AccessTokens, IssuedTokens } from '../tokens.ts';
import { clientCredentials } from './client-credentials.ts';
import { password } from './password.ts';

export interface GrantType {
  /** Value of `grant_type`. */
  name: string;
  /** Issues tokens to an authenticated client, or throws a row of `../errors.ts`. */
  issue(request: GrantRequest): Promise<IssuedTokens>;
}

export interface GrantRequest {
  form: Form;
  client: ClientRecord;
  realm: string;
  origin: string;
  state: SipgateState;
  tokens: AccessTokens;
}

export const grants: GrantType[] = [clientCredentials, password];
