/** The credentials that the start block, the environment and the contract suite use: the first of each kind in the seed. */
import type { Seed } from './seed.ts';

export interface Credentials {
  sipgate: {
    tokenId?: string;
    token?: string;
    clientId?: string;
    clientSecret?: string;
    username?: string;
    password?: string;
  };
  sipsim: { clientId?: string; clientSecret?: string };
}

export function credentialsOf({ sipgate, sipsim }: Seed): Credentials {
  const pat = sipgate.personalAccessTokens[0];
  const client = sipgate.clients.find(({ account, clientSecret }) => account === sipgate.account.id && clientSecret);
  const user = sipgate.users[0];
  const integration = sipsim.integrations[0];
  return {
    sipgate: {
      ...(pat && { tokenId: pat.id, token: pat.token }),
      ...(client?.clientSecret && { clientId: client.clientId, clientSecret: client.clientSecret }),
      ...(user && { username: user.email, password: user.password }),
    },
    sipsim: { ...(integration && { clientId: integration.clientId, clientSecret: integration.clientSecret }) },
  };
}
