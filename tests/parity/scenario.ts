/** A story that is played to each party in turn, and what was asked and answered in it. */
import { type Browser, createBrowser } from './browser.ts';
import { type Answer, type Question, send } from './exchange.ts';

/** A server that is asked: the real one or the fake. */
export interface Party {
  name: string;
  /** Scheme and authority. */
  origin: string;
  /** Before each scenario: what the one before left behind is gone, these settings hold. */
  prepare(settings: Conditions): Promise<void>;
  /** What its administrator does in the middle of a story. */
  changes: Changes;
  stop(): Promise<void>;
}

/** Settings of the server that a scenario needs, by names that both parties understand. */
export type Conditions = Record<string, number | boolean | string>;

export interface Changes {
  removeClient(clientId: string): Promise<void>;
  replaceRedirectUris(clientId: string, redirectUris: string[]): Promise<void>;
}

export interface Scenario {
  id: string;
  under?: Conditions;
  play(stage: Stage): Promise<void>;
}

export interface Stage {
  /** Asks, and takes question and answer down for the comparison. */
  ask(step: string, question: Question): Promise<Answer>;
  /** What leads to a step that another scenario compares. */
  quietly(question: Question): Promise<Answer>;
  /** Takes down an answer that a browser got. */
  note(step: string, answer: Answer | Promise<Answer>): Promise<Answer>;
  browser(): Browser;
  changes: Changes;
  /** Lets real time pass: some answers depend on it by the second. */
  pause(seconds: number): Promise<void>;
}

export interface Step {
  step: string;
  answer: Answer;
}

/** @throws if the scenario cannot go on; the error names scenario, step and party. */
export async function play(scenario: Scenario, party: Party): Promise<Step[]> {
  const steps: Step[] = [];
  const taken = new Set<string>();
  const claim = (step: string) => {
    if (taken.has(step)) throw new Error(`the step "${step}" stands twice`);
    taken.add(step);
  };
  const quietly = (question: Question) => send(party.origin, question);
  const note = async (step: string, answer: Answer | Promise<Answer>) => {
    const settled = await answer;
    claim(step);
    steps.push({ step, answer: settled });
    return settled;
  };
  try {
    await scenario.play({
      quietly,
      note,
      ask: (step, question) => note(step, quietly(question)),
      browser: () => createBrowser(quietly),
      changes: party.changes,
      pause: (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000)),
    });
  } catch (cause) {
    throw new Error(`${scenario.id}, after "${steps.at(-1)?.step ?? 'its start'}", at ${party.name}: ${cause}`, {
      cause,
    });
  }
  return steps;
}
