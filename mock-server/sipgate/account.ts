/** /v2/account, /v2/balance, /v2/users and /v2/authorization/userinfo: what the account is and who belongs to it. */
import type { Operation } from '../provider.ts';
import type { UserRecord } from './seed.ts';
import { ownAccount, type SipgateState } from './state.ts';

export function createAccountOperations(state: SipgateState): Record<string, Operation> {
  return {
    'sipgate.getAccount': async () => {
      const { company, mainProductType, logoUrl, verified, historyLifeTime } = await ownAccount(state);
      return { status: 200, body: { company, mainProductType, logoUrl, verified, historyLifeTime } };
    },
    'sipgate.getBalance': async () => ({ status: 200, body: (await ownAccount(state)).balance }),
    'sipgate.getAllUsers': async () => ({ status: 200, body: { items: (await state.users.all()).map(publicUser) } }),
    'sipgate.userinfo': async ({ principal }) => {
      const { id, domain, locale } = await ownAccount(state);
      return { status: 200, body: { sub: principal?.user, domain, masterSipId: id, locale } };
    },
  };
}

const publicUser = (user: UserRecord) => ({
  id: user.id,
  firstname: user.firstname,
  lastname: user.lastname,
  email: user.email,
  defaultDevice: user.defaultDevice,
  busyOnBusy: user.busyOnBusy,
  addressId: user.addressId,
  directDialIds: user.directDialIds,
  timezone: user.timezone,
  admin: user.admin,
});
