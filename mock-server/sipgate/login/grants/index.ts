/** The grants that the token endpoint knows. A new one is a file and a line here. */
import type { Form } from '../../../forms.ts';
import type { ClientRecord } from '../../seed.ts';
import type { LoginServer } from '../login-server.ts';
import type { GrantTypeName, IssuedTokens } from '../tokens.ts';
import { authorizationCode } from './authorization-code.ts';
import { clientCredentials } from './client-credentials.ts';
import { password } from './password.ts';
import { refreshToken } from './refresh-token.ts';

export interface GrantType {
  /** Value of `grant_type`. */
  name: GrantTypeName;
  /** Issues tokens to an authenticated client, or throws a row of `../errors.ts`. */
  issue(request: GrantRequest): Promise<IssuedTokens>;
}

export interface GrantRequest extends LoginServer {
  form: Form;
  client: ClientRecord;
  realm: string;
  origin: string;
}

export const grants: GrantType[] = [authorizationCode, clientCredentials, password, refreshToken];
