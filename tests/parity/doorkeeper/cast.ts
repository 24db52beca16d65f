/** Applications and scopes that both servers have. */
import type { SeedInput } from '../../../mock-server/index.ts';

type Integration = NonNullable<NonNullable<SeedInput['sipsim']>['integrations']>[number];

export const SCOPES = ['account.read', 'calls.read', 'calls.create', 'calls.write', 'phones.read', 'tags.read'];

const client = (clientId: string, scopes: string[], clientSecret = `secret-of-${clientId}`): Integration => ({
  clientId,
  clientSecret,
  scopes,
  clientCredentials: true,
  account: { id: 1, company_name: 'Parity', email: 'office@parity.example' },
});

export const CLIENTS = {
  all: client('all', SCOPES),
  other: client('other', ['account.read', 'tags.read']),
  /** None of its own: all that the server has. */
  unlimited: client('unlimited', []),
  noGrant: { ...client('no-grant', SCOPES), clientCredentials: false },
  /** Percent signs and a plus, which a form decodes and Basic here does not. */
  special: client('special', SCOPES, 'a+b%41c:d'),
};
