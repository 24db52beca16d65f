/** The checks as a vitest suite: one test each. */
import { checks as catalogue } from './catalogue.ts';
import { judgeTarget } from './judge-target.ts';
import { maskVerdict } from './masking/whole.ts';
import { openSession, type RunOptions } from './run.ts';
import { runCheck } from './run-check.ts';
import { selectChecks } from './selection.ts';
import type { Session } from './session.ts';
import type { Target } from './targets.ts';

export interface SuiteOptions extends Omit<RunOptions, 'onVerdict'> {
  /** Title of the suite; default: `contract`. */
  name?: string;
}

/**
 * Defines the suite in a vitest file. What cannot be asked for want of credentials fails; what may not be asked, a write
 * on a host that is not loopback, is skipped with the reason.
 *
 * @example
 * await defineContractSuite(() => target, { only: ['sipgate.*'] });
 */
export async function defineContractSuite(
  target: () => Target | Promise<Target>,
  options: SuiteOptions = {},
): Promise<void> {
  // Imported here, so that the suite can be run without vitest.
  const { beforeAll, afterAll, describe, test } = await import('vitest');
  const selected = selectChecks(options.checks ?? catalogue, options);
  let session: Session;
  let passed = 0;

  describe(options.name ?? 'contract', () => {
    const proveTarget = async () => {
      const problems = await judgeTarget(session, selected);
      if (problems.length > 0) throw new Error(session.client.mask(problems.join('\n')));
    };
    beforeAll(async () => {
      session = openSession(await target(), options);
      await proveTarget();
    });
    afterAll(async () => {
      if (!session) return;
      await proveTarget();
      if (session.leftovers.length > 0)
        throw new Error(session.client.mask(`left behind: ${session.leftovers.join(', ')}`));
      if (passed === 0) throw new Error('no check was passed: nothing is verified');
    });
    for (const check of selected) {
      test(`${check.id} ${check.title}`, async (context) => {
        const verdict = maskVerdict(await runCheck(check, session, options), session.client.mask);
        if (verdict.cause === 'policy') context.skip(verdict.reason ?? '');
        if (verdict.outcome === 'passed') passed += 1;
        else throw new Error(`${check.clause}: ${verdict.reason}`);
      });
    }
  });
}
