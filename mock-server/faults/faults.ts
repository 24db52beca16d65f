/** The faults of one world: which of them strikes a request. */
import type { Clock } from '../clock.ts';
import { parseDuration } from '../clock.ts';
import { InputError } from '../input-error.ts';
import { starPattern } from '../journal/filter.ts';
import { drawDelay, type Random } from './chance.ts';
import { type FaultInput, type FaultMatch, type FaultState, kindOf, type Stage, stageOf } from './fault.ts';
import { type Allowance, createLimiter, type Limiter } from './limiter.ts';

/** What is known of a request. `client` costs some reading, and is asked for only where a fault wants it. */
export interface Facts {
  operation: string | undefined;
  provider: string;
  method: string;
  path: string;
  credential: string;
  client(): string | undefined;
}

/** What tells most requests apart before anything is read of who sends them. */
export type Asked = Pick<Facts, 'operation' | 'provider' | 'method' | 'path'>;

/** A fault that has struck. */
export interface Strike {
  id: string;
  kind: string;
  fault: FaultInput;
  /** Milliseconds of the mock's time. */
  delay: number;
  /** Of a limiter; it has struck where nothing is allowed any more. */
  allowance?: Allowance;
}

export interface Faults {
  /** Whether there is any: the only thing that a request without faults costs. */
  readonly armed: boolean;
  /** Whether one may strike such a request, whoever sends it. */
  concern(asked: Asked): boolean;
  /** Throws an InputError that names the member. */
  add(input: FaultInput): FaultState;
  list(): FaultState[];
  remove(id: string): boolean;
  clear(): void;
  strike(stage: Stage, facts: Facts): Strike | undefined;
  /** Puts back what `list` gave. */
  restore(states: FaultState[]): void;
}

interface Armed {
  state: FaultState;
  stage: Stage;
  concerns(asked: Asked): boolean;
  matches(facts: Facts): boolean;
  limiter: Limiter | undefined;
}

export interface FaultsOptions {
  clock: Clock;
  random: Random;
  check: (input: unknown) => void;
  /** Told when there are others than before. */
  changed: () => void;
}

export function createFaults({ clock, random, check, changed }: FaultsOptions): Faults {
  let faults: Armed[] = [];
  const replaceAll = (others: Armed[]) => {
    faults = others;
    changed();
  };
  let made = 0;

  const arm = (state: FaultState): Armed => {
    const { limit } = state;
    const limiter = limit && createLimiter(limit.requests, windowOf(limit.window), clock.now);
    const { match = {} } = state;
    const concerns = concernOf(match);
    return { state, stage: stageOf(state), concerns, matches: matcherOf(match, concerns), limiter };
  };
  const strikes = ({ state, limiter }: Armed, facts: Facts): Strike | undefined => {
    state.met += 1;
    const { every = 1, probability = 1, times = Number.POSITIVE_INFINITY, delay } = state;
    if (state.struck >= times || state.met % every !== 0) return undefined;
    if (probability < 1 && random() >= probability) return undefined;
    const allowance = limiter?.take(state.limit?.per === 'everyone' ? '' : (facts.client() ?? ''));
    if (!allowance?.allowed) state.struck += 1;
    return {
      id: state.id,
      kind: kindOf(state),
      fault: state,
      delay: delay === undefined ? 0 : drawDelay(delay, random),
      ...(allowance && { allowance }),
    };
  };

  return {
    get armed() {
      return faults.length > 0;
    },
    concern: (asked) => faults.some(({ concerns }) => concerns(asked)),
    add: (input) => {
      check(input);
      checkSense(input);
      made += 1;
      const state: FaultState = { ...structuredClone(input), id: input.id ?? `fault-${made}`, met: 0, struck: 0 };
      replaceAll([...faults.filter((fault) => fault.state.id !== state.id), arm(state)]);
      return structuredClone(state);
    },
    list: () => faults.map(({ state }) => structuredClone(state)),
    remove: (id) => {
      const before = faults.length;
      replaceAll(faults.filter(({ state }) => state.id !== id));
      return faults.length < before;
    },
    clear: () => {
      replaceAll([]);
      made = 0;
    },
    strike: (stage, facts) => {
      for (const fault of faults) {
        if (fault.stage !== stage || !fault.matches(facts)) continue;
        const strike = strikes(fault, facts);
        if (strike) return strike;
      }
      return undefined;
    },
    restore: (states) => {
      replaceAll(states.map((state) => arm(structuredClone(state))));
      made = faults.length;
    },
  };
}

function matcherOf({ client, credential }: FaultMatch, concerns: Armed['concerns']): Armed['matches'] {
  return (facts) =>
    concerns(facts) &&
    (credential === undefined || credential === facts.credential) &&
    (client === undefined || client === facts.client());
}

function concernOf({ operation, provider, method, path }: FaultMatch): Armed['concerns'] {
  const operations = operation === undefined ? undefined : starPattern(operation);
  const paths = path === undefined ? undefined : starPattern(path);
  return (asked) =>
    (provider === undefined || provider === asked.provider) &&
    (method === undefined || method.toUpperCase() === asked.method) &&
    (!paths || paths.test(asked.path)) &&
    (!operations || (asked.operation !== undefined && operations.test(asked.operation)));
}

function windowOf(window: number | string): number {
  const milliseconds = parseDuration(window);
  if (milliseconds === 0) throw new InputError('limit.window must be longer than nothing');
  return milliseconds;
}

/** What a schema cannot say. */
function checkSense(input: FaultInput): void {
  if (kindOf(input) === 'nothing') {
    throw new InputError('a fault needs one of: answer, connection, token, limit, delay');
  }
  const { token, limit, answer, connection, delay, drip } = input;
  if ((token ?? limit) !== undefined && (answer ?? connection) !== undefined) {
    throw new InputError('token and limit do not go together with answer and connection');
  }
  if (token && limit) throw new InputError('token and limit do not go together');
  if (drip && connection !== 'drip') throw new InputError('"drip" is for connection: drip');
  if (limit) windowOf(limit.window);
  if (delay !== undefined) drawDelay(delay, () => 0);
  if (drip?.every !== undefined) parseDuration(drip.every);
  if (answer && !('oauthError' in answer) && answer.retryAfter !== undefined) parseDuration(answer.retryAfter);
}
