/** What the differential runs found: the fake beside the very software that a provider runs (`npm run parity:…`). */
import doorkeeper from './parity/doorkeeper.json' with { type: 'json' };
import keycloak from './parity/keycloak.json' with { type: 'json' };

export interface ParityRecord {
  real: { name: string; version: string };
  /** Version and commit of the fake, and the settings that were not the default. */
  fake: { version: string; commit: string; settings: object };
  /** ISO 8601, a day. */
  date: string;
  /** Requests that both were sent. */
  pairs: number;
  /** Differences without a reason. */
  unexplained: number;
  deviations: { id: string; what: string; why: string; pairs: number }[];
}

export const parityRecords: ParityRecord[] = [keycloak, doorkeeper];

export const formatParity = ({ real, date, pairs, unexplained, deviations }: ParityRecord) =>
  `beside ${real.name} ${real.version} on ${date}: ${pairs} request pairs, ${unexplained} differences without a reason ` +
  `(${deviations.length} kinds with one)`;
