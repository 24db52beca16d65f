/** Runs the checks on one or both sides, and puts the answers beside each other. */
import { randomUUID } from 'node:crypto';
import type { Verdict } from '../check.ts';
import { createReport, type ResultOptions } from '../report/create-report.ts';
import type { Report, SideRole } from '../report/report.ts';
import { type RunOptions, runChecks } from '../run.ts';
import type { Target } from '../targets.ts';

export type Targets = Partial<Record<SideRole, Target>>;

export interface MatrixOptions extends Omit<RunOptions, 'onVerdict'>, Omit<ResultOptions, 'document' | 'seed'> {
  /** Told of each verdict as it falls. */
  onVerdict?: (role: SideRole, verdict: Verdict) => void;
}

/**
 * Both sides at the same time: neither knows of the other.
 *
 * @example
 * const report = await runMatrix({ mock: fake, real: createTarget('real', urlsOfEnvironment(env), env) });
 */
export async function runMatrix(targets: Targets, options: MatrixOptions = {}): Promise<Report> {
  const { onVerdict, seed = randomUUID(), ...rest } = options;
  const entries = (['mock', 'real'] as const).flatMap((role) => {
    const target = targets[role];
    return target ? [{ role, target }] : [];
  });
  if (entries.length === 0) throw new TypeError('runMatrix needs a target: mock, real, or both');
  const results = await Promise.all(
    entries.map(async ({ role, target }) => {
      const told = onVerdict && { onVerdict: (verdict: Verdict) => onVerdict(role, verdict) };
      const apart = entries.length > 1 && role === 'real' && { secretPrefix: 'r' };
      return [role, await runChecks(target, { ...rest, seed, ...told, ...apart })] as const;
    }),
  );
  return createReport(Object.fromEntries(results), { ...rest, seed });
}
