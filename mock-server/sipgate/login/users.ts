/** Users as the login server knows them: by e-mail address, in any case of letters. */
import { sameSecret } from '../../credentials.ts';
import type { UserRecord } from '../seed.ts';
import type { SipgateState } from '../state.ts';

export async function findUser(state: SipgateState, email: string): Promise<UserRecord | undefined> {
  const wanted = email.toLowerCase();
  return (await state.users.all()).find((user) => user.email.toLowerCase() === wanted);
}

/** The user, or why not: 'disabled' only where the password is right, so that it tells nothing to strangers. */
export async function authenticateUser(
  email: string,
  password: string,
  state: SipgateState,
): Promise<UserRecord | string> {
  const user = await findUser(state, email);
  // An unknown user costs a comparison too, and gets the same answer.
  const right = sameSecret(password, user?.password ?? '');
  if (!user) return `no user has the e-mail address "${email}"`;
  if (!right || password === '') return 'wrong password';
  return user.enabled ? user : 'disabled';
}

/** In whose name a service account acts, which nobody outside knows: the account's first living administrator. */
export async function serviceUser(state: SipgateState): Promise<UserRecord | undefined> {
  return (await state.users.all()).find((user) => user.admin && user.enabled);
}
