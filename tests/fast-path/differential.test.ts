/** The fast path is no second truth: random steps through a mock with it and a mock without it, and no difference. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { TokenWish } from '../../mock-server/provider.ts';
import { bearer } from '../support/ask.ts';
import { given } from './given.ts';
import {
  type Found,
  nothingFound,
  pick,
  randomFault,
  randomOf,
  randomRead,
  randomSettings,
  randomWrite,
} from './steps.ts';
import { comparable, NAMESPACES, type Question, type Said, startTwins, type Twins } from './twins.ts';

vi.mock('../../mock-server/remembered/repeated.ts', async (load) => (await import('./given.ts')).counted(load));

// Real time stands still, so that the clocks of both mocks move alike.
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 10, 1, 12) }));
afterEach(() => void vi.useRealTimers());

interface Walk {
  twins: Twins;
  random: () => number;
  /** By namespace. */
  found: Map<string, Found>;
  /** Questions that may be asked again. */
  asked: { namespace: string; question: Question }[];
}

async function ask({ twins, found, asked }: Walk, namespace: string, question: Question): Promise<void> {
  const [fast, plain] = await twins.ask(namespace, question);
  expect({ namespace, question, said: fast }).toEqual({ namespace, question, said: plain });
  if (question.method !== 'POST') asked.push({ namespace, question });
  if (asked.length > 40) asked.shift();
  learn(plain, question, found.get(namespace) ?? nothingFound());
}

/** Tokens and ids of what was made, for the steps to come. */
function learn({ status, body }: Said, { method, path }: Question, { tokens, clients, tags, calls }: Found): void {
  if (method === 'HEAD' || status !== 200 || !body.startsWith('{')) return;
  const told = JSON.parse(body) as {
    access_token?: string;
    clientId?: string;
    data?: { id?: number } | { id: number }[];
  };
  if (told.access_token) (path.startsWith('/oauth') ? tokens.sipsim : tokens.sipgate).push(told.access_token);
  if (told.clientId && method === 'POST') clients.push(told.clientId);
  const first = Array.isArray(told.data) ? told.data[0] : told.data;
  if (first?.id !== undefined)
    (path.includes('/tags') ? tags : path.includes('/calls') ? calls : []).push(String(first.id));
}

/** One question after the other with a credential that is new each time, of one principal or of two. */
async function meetNewcomers(walk: Walk, namespace: string, known: Found): Promise<void> {
  const { twins, random } = walk;
  const provider = pick(['sipgate', 'sipsim'] as const, random);
  const world = namespace === '' ? twins.fast : await twins.fast.namespace(namespace);
  const wishes: TokenWish[] = [
    {},
    { expiresIn: 400 },
    ...(provider === 'sipgate' ? [{ scopes: ['account:read'] }] : []),
  ];
  const tokens: string[] = [];
  for (let count = 0; count < 5; count += 1) {
    tokens.push((await world.mintToken(provider, pick(wishes, random))).accessToken);
  }
  await twins.align();
  const { headers: _, ...question } = randomRead(known, random);
  for (const token of tokens) {
    const spoiled = random() < 0.1 ? `${token.slice(0, -4)}AAAA` : token;
    await ask(walk, namespace, { ...question, headers: { authorization: bearer(spoiled) } });
  }
}

const MOVES = [...[0, 1, 400, 999, 1_000, 61_000], ...[301_000, 7_201_000, 86_400_000]];

async function step(walk: Walk): Promise<void> {
  const { twins, random, found, asked } = walk;
  const namespace = pick(['', '', ...NAMESPACES], random);
  const known = found.get(namespace) ?? nothingFound();
  const act = async (on: Parameters<Twins['both']>[1]) => {
    const [fast, plain] = await twins.both(namespace, on);
    expect(fast).toEqual(plain);
  };
  const dice = random();
  if (dice < 0.5 && asked.length > 0) {
    const again = pick(asked, random);
    const times = pick([3, 3, 7], random);
    for (let count = 0; count < times; count += 1) await ask(walk, again.namespace, again.question);
  } else if (dice < 0.75) await ask(walk, namespace, randomRead(known, random));
  else if (dice < 0.88) await ask(walk, namespace, randomWrite(known, random));
  else if (dice < 0.9) await meetNewcomers(walk, namespace, known);
  else if (dice < 0.93) vi.setSystemTime(Date.now() + pick(MOVES, random));
  else if (dice < 0.95) {
    const [move, by] = [
      pick(['advance', 'freeze', 'resume', 'set', 'reset', 'rate'] as const, random),
      pick(MOVES, random),
    ];
    await act(({ clock }) => {
      if (move === 'set') clock.set(Date.UTC(2026, 10, 1, 12) + by);
      else if (move === 'rate') clock.rate(1 + (by % 3));
      else if (move === 'advance') clock.advance(by);
      else clock[move]();
    });
  } else if (dice < 0.97) {
    const patch = randomSettings(random);
    await act((mock) => mock.configure(patch));
  } else if (dice < 0.98) {
    const fault = random() < 0.4 ? undefined : randomFault(random);
    await act((mock) => (fault ? mock.fail(fault) : mock.removeFault()));
  } else if (dice < 0.99) {
    const token = pick([...known.tokens.sipgate, ...known.tokens.sipsim, 'none'], random);
    await act((mock) => mock.revokeToken(token));
  } else if (dice < 0.995) {
    await act((mock) => mock.reset());
    await twins.align();
  } else if (namespace !== '') {
    await act((mock) => mock.close());
    found.set(namespace, nothingFound());
    await twins.align();
  }
}

const SEEDS = (process.env.FAST_PATH_SEEDS ?? '1 2').split(' ').map(Number);
const STEPS = Number(process.env.FAST_PATH_STEPS ?? 700);

test.each(SEEDS)(
  'no difference in what both say and write into their journals, seed %i',
  { timeout: 300_000 },
  async (seed) => {
    given.again = 0;
    const twins = await startTwins(`twins ${seed}`);
    const found = new Map(NAMESPACES.map((name) => [name, nothingFound()]));
    const walk: Walk = { twins, random: randomOf(seed), found, asked: [] };
    for (let count = 1; count <= STEPS; count += 1) {
      await step(walk);
      if (count % 100 !== 0) continue;
      for (const name of NAMESPACES) {
        const [fast, plain] = await twins.both(name, comparable);
        expect(fast).toEqual(plain);
      }
    }
    // Else it would have proven nothing.
    expect(given.again).toBeGreaterThan(STEPS / 5);
    await twins.close();
  },
);
