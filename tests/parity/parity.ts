/** The differential run: every scenario to both parties, every step compared, every difference explained or not. */
import { differencesOf, type LeafDifference } from '../../contracts/difference/comparison.ts';
import { createNormaliser, type Vocabulary } from '../../contracts/difference/normal-form.ts';
import { type Deviation, explains } from './deviations.ts';
import { type Party, play, type Scenario, type Step } from './scenario.ts';

export interface Cast {
  real: Party;
  fake: Party;
}

export interface Finding extends LeafDifference {
  /** `scenario / step`. */
  at: string;
  /** Id of the deviation that explains it. */
  deviation?: string;
}

export interface ParityResult {
  scenarios: number;
  pairs: number;
  /** Pairs without any difference. */
  same: number;
  findings: Finding[];
  /** Scenarios that could not be played to the end. */
  broken: string[];
  /** Deviations that explain nothing any more. */
  stale: string[];
}

export interface ParityOptions {
  vocabulary: Vocabulary;
  deviations: Deviation[];
  /** Called after each scenario. */
  onScenario?: (scenario: Scenario, findings: Finding[]) => void;
}

export async function runParity(cast: Cast, scenarios: Scenario[], options: ParityOptions): Promise<ParityResult> {
  const result: ParityResult = { scenarios: scenarios.length, pairs: 0, same: 0, findings: [], broken: [], stale: [] };
  for (const scenario of scenarios) {
    const before = result.findings.length;
    try {
      await judge(scenario, cast, options, result);
    } catch (error) {
      result.broken.push(error instanceof Error ? error.message : String(error));
    }
    options.onScenario?.(scenario, result.findings.slice(before));
  }
  const used = new Set(result.findings.map(({ deviation }) => deviation));
  result.stale = options.deviations.map(({ id }) => id).filter((id) => !used.has(id));
  return result;
}

async function judge(scenario: Scenario, { real, fake }: Cast, options: ParityOptions, result: ParityResult) {
  for (const party of [real, fake]) await party.prepare(scenario.under ?? {});
  // Both to the end, even if one breaks: nothing may reach into the next scenario.
  const [ofReal, ofFake] = await Promise.allSettled([play(scenario, real), play(scenario, fake)]);
  const [realForms, fakeForms] = [forms(stepsOf(ofReal), real, options), forms(stepsOf(ofFake), fake, options)];
  const findings = compareSteps(scenario, realForms, fakeForms);
  for (const { step, differences } of findings) {
    const at = `${scenario.id} / ${step}`;
    result.pairs += 1;
    if (differences.length === 0) result.same += 1;
    for (const difference of differences) result.findings.push(explained({ at, ...difference }, options.deviations));
  }
}

function stepsOf(outcome: PromiseSettledResult<Step[]>): Step[] {
  if (outcome.status === 'rejected') throw outcome.reason;
  return outcome.value;
}

function explained(finding: Finding, deviations: Deviation[]): Finding {
  const deviation = deviations.find((candidate) => explains(candidate, finding.at, finding));
  return deviation ? { ...finding, deviation: deviation.id } : finding;
}

type Forms = { step: string; form: ReturnType<ReturnType<typeof createNormaliser>> }[];

function forms(steps: Step[], { origin }: Party, { vocabulary }: ParityOptions): Forms {
  const normalise = createNormaliser(origin, vocabulary);
  return steps.map(({ step, answer }) => ({ step, form: normalise(answer) }));
}

/** @throws if the two did not go the same way through the scenario: then no pair can be trusted. */
function compareSteps(scenario: Scenario, real: Forms, fake: Forms) {
  const [ways, wanted] = [fake, real].map((steps) => steps.map(({ step }) => step).join(', '));
  if (ways !== wanted) throw new Error(`${scenario.id} went two ways: ${wanted} with one, ${ways} with the other`);
  return real.map(({ step, form }, index) => ({ step, differences: differencesOf(form, fake[index]?.form ?? {}) }));
}

/** Differences that nothing explains, stories that broke, deviations that are stale: each fails the run. */
export const failuresOf = ({ findings, broken, stale }: ParityResult): number =>
  findings.filter(({ deviation }) => deviation === undefined).length + broken.length + stale.length;
