/** Whose fault a failure is: every case of the rules. */
import { expect, test } from 'vitest';
import type { Difference } from '../../contracts/index.ts';
import { blameOf, type Case } from '../../contracts/matrix/blame.ts';

const passed = { outcome: 'passed' } as const;
const failed = { outcome: 'failed', reason: 'GET /x -> 200: expected status 401' } as const;
const otherwise = { outcome: 'failed', reason: 'GET /x -> 500: expected status 401' } as const;
const prerequisite = { outcome: 'failed', reason: 'prerequisite: no token' } as const;
const error = { outcome: 'error', reason: 'ECONNRESET' } as const;
const notAllowed = { outcome: 'not-run', cause: 'policy' } as const;
const lacking = { outcome: 'not-run', cause: 'missing', reason: 'the target lacks sipgate.pat' } as const;
const spent = { outcome: 'not-run', cause: 'budget', reason: 'the budget of 1 requests is spent' } as const;

const standard = { level: 'MUST', clause: 'RFC 6750 §3.1', evidence: 'engine' } as const;
const documented = { level: 'PARITY', clause: 'sipgate API documentation', evidence: 'documented' } as const;
const vendorMust = { level: 'MUST', clause: 'README of the examples', evidence: 'documented' } as const;
const engine = { level: 'PARITY', clause: 'Keycloak 26.7.1, measured; RFC 6749 §6', evidence: 'engine' } as const;
const assumed = { level: 'PARITY', clause: 'security practice', evidence: 'assumed' } as const;
const should = { level: 'SHOULD', clause: 'RFC 9110 §15.5.6', evidence: 'assumed' } as const;
const optional = { level: 'OPTIONAL', clause: 'RFC 9110 §9.3.7', evidence: 'assumed' } as const;
const conforming = { id: 'sipgate.OAS-x', level: 'MUST', clause: 'OpenAPI 3.1 §4.8.16' } as const;

const status: Difference = { exchange: 0, request: 'GET /x', kind: 'status', where: '', mock: '200', real: '500' };
const gap = { undeclared: ['status 418'] };

test.each<[string, Partial<Omit<Case, 'check'>> & { check?: Partial<Case['check']> }, string | undefined]>([
  ['both pass', { mock: passed, real: passed }, undefined],
  ['the mock alone passes', { mock: passed }, undefined],
  ['the real side alone passes', { real: passed }, undefined],
  ['both pass, differently', { mock: passed, real: passed, difference: [status] }, undefined],
  ['the real side may not be asked', { mock: passed, real: notAllowed }, undefined],
  ['the mock could not be asked', { mock: error, real: passed }, 'harness'],
  ['the real side could not be asked', { mock: passed, real: error }, 'harness'],
  ['neither could be asked', { mock: error, real: error }, 'harness'],
  ['the mock fails, and the real side could not be asked', { mock: failed, real: error }, 'harness'],
  ['the real side lacks credentials', { mock: passed, real: lacking }, 'harness'],
  ['the budget of the real side is spent', { mock: passed, real: spent }, 'harness'],
  ['the mock lacks credentials', { mock: lacking, real: failed }, 'harness'],
  ['the real side fails before the question', { mock: passed, real: prerequisite }, 'harness'],
  ['the mock fails before the question', { mock: prerequisite, real: passed }, 'harness'],
  ['the mock fails', { mock: failed, real: passed }, 'fake'],
  ['the mock fails what a standard demands', { mock: failed, real: passed, check: standard }, 'fake'],
  ['the mock fails alone', { mock: failed }, 'fake'],
  ['the mock fails, the real side may not be asked', { mock: failed, real: notAllowed }, 'fake'],
  ['the real side fails what a standard demands', { mock: passed, real: failed, check: standard }, 'real'],
  ['the real side fails what a standard recommends', { mock: passed, real: failed, check: should }, 'real'],
  ['a standard demands it, and it is undeclared', { mock: passed, real: failed, check: standard, ...gap }, 'real'],
  ['the real side fails what its vendor documents', { mock: passed, real: failed, check: documented }, 'real'],
  ['the real side fails what its vendor demands', { mock: passed, real: failed, check: vendorMust }, 'real'],
  ['documented, but another answer came that is undeclared', { real: failed, check: documented, ...gap }, 'document'],
  ['assumed, and what came is undeclared', { mock: passed, real: failed, check: assumed, ...gap }, 'document'],
  ['the real side fails what is assumed', { mock: passed, real: failed, check: assumed }, 'fake'],
  ['the real side fails what its engine does', { mock: passed, real: failed, check: engine }, 'fake'],
  ['the real side fails what is optional', { mock: passed, real: failed, check: optional }, 'fake'],
  ['the real side alone fails what a standard demands', { real: failed, check: standard }, 'real'],
  ['the real side alone fails what is assumed', { real: failed, check: assumed }, 'fake'],
  [
    'the real side is not as the document knows by assumption',
    { mock: passed, real: failed, check: { ...conforming, evidence: 'assumed' } },
    'document',
  ],
  [
    'the real side answers what the document does not declare',
    { mock: passed, real: failed, check: { ...conforming, evidence: 'documented' }, ...gap },
    'document',
  ],
  [
    'the real side is not as its vendor documents its answers',
    { mock: passed, real: failed, check: { ...conforming, evidence: 'documented' } },
    'real',
  ],
  ['both fail alike what a standard demands', { mock: failed, real: failed, check: standard }, 'real'],
  ['both fail alike what is documented', { mock: failed, real: failed, check: documented }, 'real'],
  ['both fail alike what is undeclared', { mock: failed, real: failed, check: assumed, ...gap }, 'document'],
  ['both fail alike what is assumed', { mock: failed, real: failed, check: assumed }, 'document'],
  [
    'both fail conformance alike',
    { mock: failed, real: failed, check: { ...conforming, evidence: 'assumed' } },
    'document',
  ],
  [
    'both fail conformance, each in its own way',
    { mock: failed, real: otherwise, check: { ...conforming, evidence: 'assumed' } },
    'fake',
  ],
  ['both fail, each in its own way', { mock: failed, real: otherwise, check: standard, difference: [status] }, 'fake'],
])('%s', (_what, { check, ...rest }, blame) => {
  const whole = { id: 'sipgate.X-01', operation: 'sipgate.getAccount', ...assumed, ...check };
  const suspicion = blameOf({ difference: [], undeclared: [], ...rest, check: whole });
  expect(suspicion?.blame).toBe(blame);
  if (blame !== undefined) expect(suspicion?.because).toMatch(/^[A-Z].*\.$/);
});
