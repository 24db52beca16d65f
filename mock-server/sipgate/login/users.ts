/** Users as the login server knows them: by e-mail address, in any case of letters. */
import type { UserRecord } from '../seed.ts';
import type { SipgateState } from '../state.ts';

export async function findUser(state: SipgateState, email: string): Promise<UserRecord | undefined> {
  const wanted = email.toLowerCase();
  return (await state.users.all()).find((user) => user.email.toLowerCase() === wanted);
}

/** In whose name a service account acts, which nobody outside knows: the account's first living administrator. */
export async function serviceUser(state: SipgateState): Promise<UserRecord | undefined> {
  return (await state.users.all()).find((user) => user.admin && user.enabled);
}
