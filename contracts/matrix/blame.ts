/**
 * Whose fault a failure is. The rules, in this order; the first that holds decides. All cases: tests/matrix/blame.test.ts.
 *
 * | mock | real | and | blame |
 * |---|---|---|---|
 * | error, or not run for want of something | – | | harness |
 * | – | the same | | harness |
 * | fail, at a prerequisite | any | | harness |
 * | any | fail, at a prerequisite | | harness |
 * | fail | pass, not run, no such side | | fake |
 * | pass | fail | a standard demands it (MUST, SHOULD) | real |
 * | pass | fail | the real answer is not declared | document |
 * | pass | fail | the vendor documents it | real |
 * | pass | fail | conformance alone | document |
 * | pass | fail | it is only assumed, observed, or the engine's | fake |
 * | fail | fail | both answer alike | as pass, fail; where that is the fake: document |
 * | fail | fail | each in its own way | fake |
 */
import type { Check, Verdict } from '../check.ts';
import type { Difference } from '../difference/exchanges.ts';

/** fake: it does not do what the real API does. real: it deviates from the specification. document: it is silent. */
export type Blame = 'fake' | 'real' | 'document' | 'harness';

export interface Suspicion {
  blame: Blame;
  /** Why, as a sentence. */
  because: string;
}

export interface Case {
  check: Pick<Check, 'id' | 'operation' | 'level' | 'clause' | 'evidence'>;
  mock?: Pick<Verdict, 'outcome' | 'reason' | 'cause'>;
  real?: Pick<Verdict, 'outcome' | 'reason' | 'cause'>;
  difference: Difference[];
  /** What the real side answered that openapi.yaml does not declare at all, e.g. `status 418`. */
  undeclared: string[];
}

/** Undefined where nothing failed. */
export function blameOf(cases: Case): Suspicion | undefined {
  const { mock, real, difference } = cases;
  const obstacle = obstacleOf('mock', mock) ?? obstacleOf('real', real);
  if (obstacle) return { blame: 'harness', because: obstacle };
  if (mock?.outcome === 'failed' && real?.outcome === 'failed') {
    // Conformance judges what others asked: it has no answers of its own to compare.
    const alike = isConformance(cases.check) ? mock.reason === real.reason : difference.length === 0;
    return alike ? bothAlike(cases) : EACH_ITS_OWN;
  }
  if (mock?.outcome === 'failed') return fakeAlone(real);
  return real?.outcome === 'failed' ? realAlone(cases) : undefined;
}

function obstacleOf(side: string, verdict: Case['mock']): string | undefined {
  if (verdict?.outcome === 'error') return `The check could not be carried out on the ${side} side.`;
  if (verdict?.outcome === 'not-run' && verdict.cause !== 'policy') {
    return `The check was not run on the ${side} side: ${verdict.reason}.`;
  }
  if (verdict?.outcome === 'failed' && verdict.reason?.startsWith('prerequisite')) {
    return `The ${side} side did not get as far as what the check asks.`;
  }
  return undefined;
}

const EACH_ITS_OWN: Suspicion = {
  blame: 'fake',
  because: 'Both deviate, each in its own way: the fake does neither what is right nor what the real API does.',
};

const fakeAlone = (real: Case['real']): Suspicion => ({
  blame: 'fake',
  because: real?.outcome === 'passed' ? 'The real API does it, the fake does not.' : 'The fake does not do it.',
});

/** Clauses of standards, which a vendor has promised by naming them. */
const STANDARD = /\bRFC \d|\bOpenID Connect|\bOAuth 2\.0|\bFetch standard|\bOWASP|\bWeb Content Accessibility/;

export const isConformance = ({ id }: Pick<Check, 'id'>) => /\.OAS-/.test(id);

function realAlone({ check, undeclared }: Case): Suspicion {
  const { level, clause, evidence } = check;
  const demanded = (level === 'MUST' || level === 'SHOULD') && STANDARD.test(clause);
  if (demanded && !isConformance(check)) return { blame: 'real', because: `${clause} demands it: ${level}.` };
  if (undeclared.length > 0) {
    return { blame: 'document', because: `The document does not declare what came: ${undeclared.join(', ')}.` };
  }
  if (evidence === 'documented') return { blame: 'real', because: `Its vendor documents it: ${clause}.` };
  if (isConformance(check)) {
    return { blame: 'document', because: `The document declares otherwise, and only knows it as ${evidence}.` };
  }
  return { blame: 'fake', because: `The fake claims what the real API does not do; it is known as ${evidence} alone.` };
}

/** The fake cannot be wrong in what it has from the real API: then it is the document that both contradict. */
function bothAlike(cases: Case): Suspicion {
  const { blame, because } = realAlone(cases);
  if (blame === 'real') return { blame, because: `${because} The fake reproduces the deviation.` };
  if (blame === 'document') return { blame, because };
  return { blame: 'document', because: 'Both sides agree, and only the check says otherwise.' };
}
