/** Who is measured in a case: a program, what is set up in it, and what it is then asked. */
import { basic, fake, mint } from './fake.ts';
import type { Plan, PlannedRequest } from './load.ts';
import { type Program, type Running, start } from './processes.ts';

export interface Contender {
  name: string;
  program: Program;
  /** Statuses that are right. Default: 200. */
  expected?: number[];
  /** Asked before each round. Throws NotThere where the program has no such thing. */
  plan: (running: Running, round: Round) => Asked | Promise<Asked>;
  /** Once, before the first round. What it returns is called at the end. */
  prepare?: (running: Running) => Promise<(() => void) | undefined>;
}

export interface Round {
  seconds: number;
}

export type Asked = Pick<Plan, 'requests'> & Partial<Plan>;

/** What this version does not have. */
export class NotThere extends Error {
  override name = 'NotThere';
}

/** The same request again and again. */
export const asking =
  (...requests: PlannedRequest[]): Contender['plan'] =>
  () => ({ requests });

/** GET with a bearer that is minted beforehand and so is new at its first use alone. */
export const withToken =
  (path: string, provider: 'sipgate' | 'sipsim'): Contender['plan'] =>
  async (running) => {
    const [token] = await mint(running, provider, 1);
    return { requests: [{ path, headers: { authorization: `Bearer ${token}` } }] };
  };

/** Each request with a bearer that was never seen before: so many as are minted, not so many seconds. */
export const withFreshTokens =
  (path: string, perSecond: number): Contender['plan'] =>
  async (running, { seconds }) => {
    const bearers = await mint(running, 'sipgate', Math.ceil(perSecond * seconds));
    const credentials = bearers.map((bearer) => `Bearer ${bearer}`);
    return { requests: [{ path }], credentials, amount: credentials.length };
  };

/** The same of another process that has the same key: nobody knows of these signatures before. */
export function withForeignTokens(home: string, path: string, perSecond: number): Pick<Contender, 'prepare' | 'plan'> {
  let sibling: Running | undefined;
  return {
    prepare: async () => {
      sibling = await start(fake(home, { flags: SAME_KEY }));
      return () => void sibling?.stop();
    },
    plan: (_running, round) => {
      if (!sibling) throw new Error('the process that signs was not started');
      return withFreshTokens(path, perSecond)(sibling, round);
    },
  };
}

/** Of two processes: their keys are the same, and what their tokens are known by. */
export const SAME_KEY = ['--random-seed', '1'];

/** Bytes that Base64 makes a token's length of. */
const TOKEN = 860;

/** The same load for who looks at no credentials but their scheme. */
export const withInventedTokens =
  (path: string, perSecond: number): Contender['plan'] =>
  (_running, { seconds }) => {
    const credentials = Array.from({ length: Math.ceil(perSecond * seconds) }, (_, index) =>
      basic(`${index}`, 'x'.repeat(TOKEN)),
    );
    return { requests: [{ path }], credentials, amount: credentials.length };
  };
