/** Selections that have a name. */
import type { Check } from './check.ts';

export type Profile = 'smoke' | 'ci' | 'full' | 'security';

type Chosen = (check: Omit<Check, 'run'>) => boolean;

/**
 * One question of each kind: a good credential, a wrong one, one whose scopes do not suffice, a token, an answer as
 * declared. All of them read.
 */
const SMOKE = new Set([
  'sipgate.ACC-01',
  'sipgate.BAS-02a',
  'sipgate.SCP-without-getAccount',
  'sipgate.SEC-none-getAccount',
  'sipgate.SEC-bearer-getAccount',
  'sipgate.TOK-01',
  'sipgate.CAU-01',
  'sipgate.MET-01',
  'sipgate.OAS-getAccount',
  'sipsim.ACC-01',
  'sipsim.SEC-bearer-getAccount',
  'sipsim.TOK-01',
  'sipsim.CAU-01',
  'sipsim.OAS-getAccount',
]);

/** Topics of catalogue ids that are about who may do what. */
const SECURITY = /\.(?:SEC|BAS|BRR|SCP|CAU|PKC|REV|INT|RFT|OFF|KEY)-/;
const PRACTICE = /RFC 9700|RFC 8725|RFC 6819|OWASP|security practice/;

/** Sweeps over every operation: a run of each day may leave them to that of each night. */
const SWEEP = /\.(?:MTH-unsafe|SEC-basic|SCP-super|SCP-pat|BDY|PRM)-/;

export const PROFILES: Record<Profile, Chosen> = {
  smoke: ({ id }) => SMOKE.has(id),
  ci: ({ id, level }) => level !== 'OPTIONAL' && !SWEEP.test(id),
  full: () => true,
  security: ({ id, clause, tags }) =>
    SECURITY.test(id) || PRACTICE.test(clause) || (tags?.includes('security') ?? false),
};
