/** The credentials that the start block, the environment and the contract suite use: the first of each kind in the seed. */
import { defaultSeed, type Seed } from './seed.ts';

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

/**
 * URLs and credentials by the names of environment variables: those of `sidetone exec`, and those of the credentials
 * with less than full rights that the contract suite asks with, where the seed has such.
 */
export function environmentOf(seed: Seed, url: string): Record<string, string> {
  const { sipgate, sipsim } = credentialsOf(seed);
  const only = (scope: string) => (item: { scopes: string[] }) => item.scopes.length === 1 && item.scopes[0] === scope;
  const accountRead = seed.sipgate.personalAccessTokens.find(only('account:read'));
  const noScope = seed.sipgate.personalAccessTokens.find(({ scopes }) => !scopes.some((scope) => USEFUL.test(scope)));
  const { integrations } = seed.sipsim;
  const accountOnly = integrations.find(only('account.read'));
  const noAccount = integrations.find(
    ({ scopes, clientCredentials }) => clientCredentials && !scopes.includes('account.read'),
  );
  const noGrant = integrations.find(({ clientCredentials }) => !clientCredentials);
  const values: Record<string, string | undefined> = {
    SIPGATE_BASE_URL: `${url}/v2`,
    SIPGATE_AUTH_URL: `${url}/auth/realms/third-party/protocol/openid-connect/auth`,
    SIPGATE_TOKEN_URL: `${url}/auth/realms/third-party/protocol/openid-connect/token`,
    SIPGATE_TOKEN_ID: sipgate.tokenId,
    SIPGATE_TOKEN: sipgate.token,
    SIPGATE_CLIENT_ID: sipgate.clientId,
    SIPGATE_CLIENT_SECRET: sipgate.clientSecret,
    SIPGATE_USERNAME: sipgate.username,
    SIPGATE_PASSWORD: sipgate.password,
    SIPGATE_ACCOUNT_READ_TOKEN_ID: accountRead?.id,
    SIPGATE_ACCOUNT_READ_TOKEN: accountRead?.token,
    SIPGATE_NO_SCOPE_TOKEN_ID: noScope?.id,
    SIPGATE_NO_SCOPE_TOKEN: noScope?.token,
    SIPGATE_FOREIGN_CLIENT_ID: seed.sipgate.clients.find(
      ({ account = seed.sipgate.account.id }) => account !== seed.sipgate.account.id,
    )?.clientId,
    SIPSIM_BASE_URL: `${url}/api/v2`,
    SIPSIM_TOKEN_URL: `${url}/oauth/token`,
    SIPSIM_CLIENT_ID: sipsim.clientId,
    SIPSIM_CLIENT_SECRET: sipsim.clientSecret,
    SIPSIM_WEBHOOK_SECRET: integrations[0]?.webhookSecret ?? sipsim.clientSecret,
    SIPSIM_ACCOUNT_ONLY_CLIENT_ID: accountOnly?.clientId,
    SIPSIM_ACCOUNT_ONLY_CLIENT_SECRET: accountOnly?.clientSecret,
    SIPSIM_NO_ACCOUNT_CLIENT_ID: noAccount?.clientId,
    SIPSIM_NO_ACCOUNT_CLIENT_SECRET: noAccount?.clientSecret,
    SIPSIM_NO_GRANT_CLIENT_ID: noGrant?.clientId,
    SIPSIM_NO_GRANT_CLIENT_SECRET: noGrant?.clientSecret,
  };
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** Scopes that some operation of the fake asks for. */
const USEFUL = /^(?:all|account:|balance:|users:|authorization:oauth2:)/;

/** The credentials of the default data, for a fake that somebody else started. */
export const demoEnvironment = (url: string): Record<string, string> => environmentOf(defaultSeed(), url);
