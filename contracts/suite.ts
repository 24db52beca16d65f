/** The checks as a vitest suite: one test each. */

import { canaries } from './canaries.ts';
import { checks as catalogue } from './catalogue.ts';
import type { Check } from './check.ts';
import { createClient } from './client.ts';
import { type ContractDocument, loadContractDocument } from './document.ts';
import { type RunOptions, runCheck, selectChecks } from './run.ts';
import { createSession, type Session } from './session.ts';
import { secretsOf, type Target } from './targets.ts';

export interface SuiteOptions extends Pick<RunOptions, 'only' | 'skip' | 'allowWrite' | 'maxRequests'> {
  /** Title of the suite; default: the target's name. */
  name?: string;
  checks?: Check[];
  document?: ContractDocument;
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
  const providers = [...new Set(selected.map(({ provider }) => provider))];
  let session: Session;

  describe(options.name ?? 'contract', () => {
    const proveCanaries = async () => {
      for (const provider of providers) await canaries[provider](session);
    };
    beforeAll(async () => {
      const asked = await target();
      const { maxRequests = 500, document = loadContractDocument() } = options;
      const client = createClient({ ...(asked.app && { app: asked.app }), maxRequests, secrets: secretsOf(asked) });
      session = createSession(asked, document, client);
      await proveCanaries();
    });
    afterAll(async () => {
      if (session) await proveCanaries();
    });
    for (const check of selected) {
      test(`${check.id} ${check.title}`, async (context) => {
        const verdict = await runCheck(check, session, options);
        if (verdict.cause === 'policy') context.skip(verdict.reason ?? '');
        if (verdict.outcome !== 'passed') throw new Error(`${check.clause}: ${verdict.reason}`);
      });
    }
  });
}
