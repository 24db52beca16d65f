/** Clients for a seed: the demo client of the default data, and others that differ from it in little. */
import { type ClientRecord, defaultSipgateSeed } from '../../mock-server/sipgate/seed.ts';

/** Listed first in a seed, it stays the one whose credentials the fake shows. */
export const demoClientRecord: ClientRecord = defaultSipgateSeed.clients[0] ?? nobody();

export const OTHER_CLIENT = '2556404-0-00000000-0000-4000-8000-000000000001:third-party';

/** A confidential client of the same realm that needs no consent, unless told otherwise. */
export const otherClient = (differences: Partial<ClientRecord> = {}): ClientRecord => ({
  ...demoClientRecord,
  clientId: OTHER_CLIENT,
  clientSecret: 'another secret',
  name: 'Another application',
  consentRequired: false,
  ...differences,
});

/** The same without a secret. */
export function publicClient(differences: Partial<ClientRecord> = {}): ClientRecord {
  const { clientSecret: _, ...client } = otherClient(differences);
  return client;
}

function nobody(): never {
  throw new Error('the default data has no client');
}
