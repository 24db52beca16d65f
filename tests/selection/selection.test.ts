/** Which checks are asked, in which turn, and what a plan says of it. */
import { describe, expect, test } from 'vitest';
import {
  type Check,
  checks,
  createTarget,
  planRun,
  selectChecks,
  urlsOfEnvironment,
  type Verdict,
} from '../../contracts/index.ts';
import { takeTurns } from '../../contracts/turns.ts';

const idsOf = (selection: Parameters<typeof selectChecks>[1]) => selectChecks(checks, selection).map(({ id }) => id);

describe('a selection', () => {
  test('by a word of the check', () => {
    const chosen = selectChecks(checks, { tag: ['assumed', 'destructive'] });
    expect(chosen.length).toBeGreaterThan(20);
    expect(chosen.every(({ evidence, risk }) => evidence === 'assumed' || risk === 'destructive')).toBe(true);
  });

  test('by operation, in patterns', () => {
    const operations = new Set(
      selectChecks(checks, { operation: ['sipgate.*Client'] }).map(({ operation }) => operation),
    );
    expect([...operations].sort()).toEqual([
      'sipgate.createClient',
      'sipgate.deleteClient',
      'sipgate.getClient',
      'sipgate.updateClient',
    ]);
  });

  test('kinds of selectors narrow each other', () => {
    const chosen = selectChecks(checks, { operation: ['sipgate.getAccount'], tag: ['MUST'], skip: ['*.SEC-*'] });
    expect(chosen.length).toBeGreaterThan(0);
    for (const { id, operation, level } of chosen) {
      expect([operation, level, id.includes('.SEC-')]).toEqual(['sipgate.getAccount', 'MUST', false]);
    }
  });

  test.each([
    [{ only: ['sipgate.NO-*'] }, '"sipgate.NO-*" matches no check'],
    [{ tag: ['must', 'nice'] }, 'no check has the tag "nice"; there are: '],
    [{ operation: ['sipgate.nothing'] }, 'no check asks the operation "sipgate.nothing"'],
    [{ only: ['sipsim.*'], tag: ['observed'], skip: ['*'] }, 'the selection leaves no check'],
  ])('that matches nothing is a mistake: %j', (selection, message) => {
    expect(() => selectChecks(checks, selection)).toThrow(message);
  });
});

describe('a profile', () => {
  test('smoke reads, and asks each kind of thing of both providers', () => {
    const chosen = selectChecks(checks, { profile: 'smoke' });
    expect(chosen).toHaveLength(14);
    expect(chosen.every(({ risk }) => risk === 'read')).toBe(true);
    expect(new Set(chosen.map(({ provider }) => provider))).toEqual(new Set(['sipgate', 'sipsim']));
  });

  test('ci is most of it, security is about who may do what, full is all', () => {
    const [ci, security] = [idsOf({ profile: 'ci' }), idsOf({ profile: 'security' })];
    expect(idsOf({ profile: 'full' })).toHaveLength(checks.length);
    expect(ci.length).toBeLessThan(checks.length);
    expect(ci.length).toBeGreaterThan(checks.length / 2);
    expect(security).toEqual(
      expect.arrayContaining(['sipgate.BAS-02a', 'sipgate.SCP-none-getAccount', 'sipsim.REV-01']),
    );
    expect(security.some((id) => /\.(?:ACC|TAG|CAL|OAS)-/.test(id))).toBe(false);
  });
});

describe('turns', () => {
  const check = (id: string, risk: Check['risk']): Check => ({ ...(checks[0] as Check), id: `sipgate.${id}`, risk });
  const row = [check('A', 'read'), check('B', 'write'), check('C', 'read'), check('OAS-x', 'read'), check('D', 'read')];

  /** What was being asked when each was begun. */
  async function watch(turns: Parameters<typeof takeTurns>[1], failing: string[] = []) {
    const running = new Set<string>();
    const beside: Record<string, string[]> = {};
    const verdicts = await takeTurns(row, turns, async ({ run: _, ...described }) => {
      const name = described.id.slice('sipgate.'.length);
      beside[name] = [...running];
      running.add(name);
      await new Promise((resolve) => setImmediate(resolve));
      running.delete(name);
      const outcome: Verdict['outcome'] = failing.includes(name) ? 'failed' : 'passed';
      return { check: described, outcome, requests: 1, milliseconds: 0, exchanges: [] };
    });
    return { beside, told: verdicts.map(({ check: { id }, outcome }) => `${id.slice(8)} ${outcome}`) };
  }

  test('one after another, as the checks stand', async () => {
    const { beside } = await watch({});
    expect(Object.entries(beside)).toEqual(['A', 'B', 'C', 'OAS-x', 'D'].map((name) => [name, []]));
  });

  test('with workers only what reads stands beside others, and the order of verdicts stays', async () => {
    const { beside, told } = await watch({ workers: 3 });
    expect(told).toEqual(['A passed', 'B passed', 'C passed', 'OAS-x passed', 'D passed']);
    expect(beside).toEqual({ A: [], C: ['A'], D: ['A', 'C'], B: [], 'OAS-x': [] });
  });

  test('nobody is asked after the first failure, where that is wished', async () => {
    const { told, beside } = await watch({ bail: true }, ['B']);
    expect(told).toEqual(['A passed', 'B failed', 'C not-run', 'OAS-x not-run', 'D not-run']);
    expect(Object.keys(beside)).toEqual(['A', 'B']);
    expect((await watch({}, ['B'])).told).toContain('D passed');
  });
});

describe('a plan', () => {
  const real = createTarget('real', urlsOfEnvironment({}), {
    SIPGATE_TOKEN_ID: 'token-X',
    SIPGATE_TOKEN: 'secret-value',
  });

  test('says what would be asked, at what cost, and why the rest is left out', () => {
    const plan = planRun('real', real, { only: ['sipgate.*'] });
    const all = idsOf({ only: ['sipgate.*'] });
    expect(plan.run.length + plan.leftOut.length).toBe(all.length);
    expect(plan.run.every(({ risk }) => risk === 'read')).toBe(true);
    const reasons = plan.leftOut.map(({ reason }) => reason).join('\n');
    expect(reasons).toContain('changes the account; allow it with --allow-write');
    expect(reasons).toContain('the target lacks sipgate.client SIPGATE_CLIENT_ID SIPGATE_CLIENT_SECRET');
    expect(plan.requests).toBeGreaterThan(plan.run.length);
    expect(plan.requests).toBeLessThanOrEqual(1_000);
  });

  test('costs no more than the budget', () => {
    expect(planRun('real', real, { maxRequests: 7 }).requests).toBe(7);
  });
});
