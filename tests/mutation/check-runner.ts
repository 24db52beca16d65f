/** Stryker's way to the contract suite: each check is a test, asked in this process of a fake that holds the mutants. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { InstrumenterContext, MutantCoverage } from '@stryker-mutator/api/core';
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import {
  type DryRunResult,
  DryRunStatus,
  type MutantRunOptions,
  type MutantRunResult,
  MutantRunStatus,
  type TestResult,
  type TestRunner,
  TestStatus,
} from '@stryker-mutator/api/test-runner';

type Judge = typeof import('../../contracts/index.ts') &
  typeof import('../../contracts/run.ts') &
  typeof import('../../contracts/run-check.ts') &
  typeof import('../../contracts/judge-target.ts');
type Accused = typeof import('../../mock-server/index.ts');
type Check = Judge['checks'][number];
type Session = ReturnType<Judge['openSession']>;

/** A check that waits for an answer that a mutant never gives is given up by Stryker's own timeout. */
class CheckRunner implements TestRunner {
  #judge!: Judge;
  #mock!: Awaited<ReturnType<Accused['startMock']>>;
  #worlds = 0;
  /** What a mutant broke outside of any request. */
  #crash: unknown;

  capabilities() {
    return { reloadEnvironment: false };
  }

  async init() {
    process.on('unhandledRejection', (error) => {
      this.#crash = error;
    });
    process.on('uncaughtException', (error) => {
      this.#crash = error;
    });
    // From the sandbox, where the mutants are, and not from beside this file.
    const files = ['index', 'run', 'run-check', 'judge-target'];
    const parts = await Promise.all(files.map((file) => load(`contracts/${file}.ts`)));
    this.#judge = Object.assign({}, ...parts) as Judge;
    const { startMock } = (await load('mock-server/index.ts')) as Accused;
    this.#mock = await startMock();
  }

  async dryRun(): Promise<DryRunResult> {
    const tests = new Map<string, TestResult>();
    const note = async (id: string, ask: (id: string) => Promise<string | undefined>) => {
      const started = performance.now();
      const failureMessage = await ask(id);
      const described = { id, name: id, timeSpentMs: performance.now() - started };
      const passed = failureMessage === undefined;
      tests.set(
        id,
        passed
          ? { ...described, status: TestStatus.Success }
          : { ...described, status: TestStatus.Failed, failureMessage },
      );
      return passed;
    };
    // Each in a world of its own: an answer that an earlier one got already, and shares, would count for that one alone.
    const late: string[] = [];
    for (const id of this.#ids()) {
      await this.#inNewWorld(async (ask) => {
        if (!(await note(id, ask))) late.push(id);
      });
    }
    // Some mean something after all the others alone.
    await this.#inNewWorld(async (ask) => {
      for (const id of this.#ids()) await (late.includes(id) ? note(id, ask) : ask(id));
    });
    const { mutantCoverage } = context();
    if (mutantCoverage) this.#shareTheMaking(mutantCoverage);
    return { status: DryRunStatus.Complete, tests: [...tests.values()], ...(mutantCoverage && { mutantCoverage }) };
  }

  async mutantRun({ activeMutant, testFilter, hitLimit }: MutantRunOptions): Promise<MutantRunResult> {
    const wanted = testFilter && new Set(testFilter);
    const ids = this.#ids().filter((id) => wanted?.has(id) ?? true);
    Object.assign(context(), { activeMutant: activeMutant.id, hitCount: hitLimit && 0, hitLimit });
    let result: MutantRunResult = { status: MutantRunStatus.Survived, nrOfTests: ids.length };
    await this.#inNewWorld(async (ask) => {
      for (const [index, id] of ids.entries()) {
        const failureMessage = await ask(id);
        if (failureMessage === undefined) continue;
        result = { status: MutantRunStatus.Killed, killedBy: [id], failureMessage, nrOfTests: index + 1 };
        return;
      }
    });
    delete context().activeMutant;
    return result;
  }

  async dispose() {
    await this.#mock.close();
  }

  #ids = () => [CANARIES, ...this.#judge.checks.map(({ id }) => id)];

  /** Made while the mutant is active, at the first question: what is made with a world can be wrong too. */
  async #inNewWorld(action: (ask: (id: string) => Promise<string | undefined>) => Promise<void>): Promise<void> {
    const name = `m${this.#worlds++}`;
    let session: Session | undefined;
    const ask = async (id: string) => {
      this.#crash = undefined;
      try {
        context().currentTestId = MAKING;
        session ??= this.#judge.openSession(await this.#targetIn(name));
        context().currentTestId = id;
        const failure = await this.#failureOf(id, session);
        return failure ?? (this.#crash === undefined ? undefined : String(this.#crash));
      } catch (error) {
        return String(error);
      } finally {
        delete context().currentTestId;
      }
    };
    await action(ask);
    await (await this.#mock.namespace(name)).close();
  }

  /** What is made with a world answers every question, and not the first one alone. */
  #shareTheMaking({ perTest }: MutantCoverage): void {
    const { [MAKING]: made = {} } = perTest;
    delete perTest[MAKING];
    for (const id of this.#ids()) perTest[id] = { ...made, ...perTest[id] };
  }

  async #targetIn(name: string) {
    const { url, environment, adminUrl } = await this.#mock.namespace(name);
    const { createTarget, urlsOfOrigin } = this.#judge;
    const target = createTarget('mutant', urlsOfOrigin(url), environment);
    return { ...target, ...(adminUrl !== undefined && { control: { url: adminUrl } }) };
  }

  async #failureOf(id: string, session: Session): Promise<string | undefined> {
    const { checks, judgeTarget, runCheck } = this.#judge;
    if (id === CANARIES) return (await judgeTarget(session, checks))[0];
    const check = checks.find((candidate) => candidate.id === id) as Check;
    const { outcome, reason = outcome } = await runCheck(check, session);
    return outcome === 'passed' ? undefined : reason;
  }
}

/** The question that every run asks first. */
const CANARIES = 'canaries';
/** Stands for a question while a world is made. */
const MAKING = 'making';

const load = (file: string): Promise<object> => import(pathToFileURL(join(process.cwd(), file)).href);

/** Where Stryker's instrumented code looks which mutant is on, and counts what it passes. */
function context(): InstrumenterContext {
  const holder = globalThis as { __stryker__?: InstrumenterContext };
  holder.__stryker__ ??= {};
  return holder.__stryker__;
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'contract-suite', CheckRunner)];
