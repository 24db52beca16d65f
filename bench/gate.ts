/**
 * `npm run bench:gate`: fails when the fake got slower beside a bare server. It compares CPU per request within one run,
 * which a busy machine disturbs least; a case that fails is measured again before it counts.
 */
import { join } from 'node:path';
import { cases } from './cases.ts';
import { asking, type Contender } from './contenders.ts';
import { ACCOUNT, bare, fake } from './fake.ts';
import { complaintsOf, FLOORS, type Shares } from './floors.ts';
import { install } from './installed.ts';
import { type Measured, measure } from './load.ts';
import { endOnSignals, type Program, type Running, start } from './processes.ts';
import { median } from './rounds.ts';

const SECONDS = 0.5;
const ROUNDS = 2;
const ATTEMPTS = 4;
/** Nothing is measured again after so many milliseconds. */
const PATIENCE = 180_000;
/** Milliseconds that the server wastes per request which the gate must find too slow. */
const WASTE = 5;

const root = join(import.meta.dirname, '..');
const { folder: generator } = install('generator');
const body = JSON.stringify({ company: 'x'.repeat(105) });
const scene = { home: root, wideHome: () => Promise.reject(new Error('not here')), body, peers: [] };
const began = performance.now();

interface Pair {
  bare: Running;
  fake: Running;
}

/** Measures until nothing is wrong, or until enough is enough. */
async function insist(shareOf: () => Promise<Shares>): Promise<string[]> {
  for (let attempt = 1; ; attempt += 1) {
    const shares = await shareOf();
    for (const [id, share] of Object.entries(shares)) console.log(`${id}: ${share.toFixed(3)}`);
    const floors = Object.fromEntries(Object.keys(shares).map((id) => [id, FLOORS[id] ?? 0]));
    const found = complaintsOf(shares, floors);
    if (found.length === 0 || attempt === ATTEMPTS || performance.now() - began > PATIENCE) return found;
  }
}

function startComplaints(): Promise<string[]> {
  return insist(async () => {
    const timed = async (program: Program) => {
      const running = await start(program);
      await running.stop();
      return running.firstAnswer;
    };
    const ratios: number[] = [];
    // The first may fill a cache.
    for (let round = 0; round < 4; round += 1) {
      const share = (await timed(bare(body))) / (await timed(fake(root)));
      if (round > 0) ratios.push(share);
    }
    return { start: median(ratios) ?? Number.NaN };
  });
}

async function loadComplaints(): Promise<string[]> {
  const pair: Pair = { bare: await start(bare(body)), fake: await start(fake(root)) };
  try {
    const complaints: string[] = [];
    for (const id of Object.keys(FLOORS).filter((id) => id !== 'start')) {
      const rivals = await rivalsOf(id);
      complaints.push(...(await insist(async () => ({ [id]: await shareOf(rivals, pair) }))));
    }
    return [...complaints, ...(await canary(pair))];
  } finally {
    await Promise.all([pair.bare.stop(), pair.fake.stop()]);
  }
}

/** A gate that lets everything through is none: a server that wastes time on each answer must be stopped by it. */
async function canary({ bare: other }: Pair): Promise<string[]> {
  const slow = await start(bare(body, { spin: WASTE }));
  try {
    const asked: Contender = { name: 'bare', program: bare(body), plan: asking({ path: ACCOUNT }) };
    const share = await shareOf({ bare: asked, fake: asked }, { bare: other, fake: slow });
    const found = complaintsOf({ pat: share }, { pat: FLOORS.pat ?? Number.NaN });
    return found.length > 0 ? [] : [`the gate itself: a server that wastes ${WASTE} ms per answer passes`];
  } finally {
    await slow.stop();
  }
}

interface Rivals {
  bare: Contender;
  fake: Contender;
}

async function rivalsOf(id: string): Promise<Rivals> {
  const contenders = await cases.find((each) => each.id === id)?.contenders(scene);
  const [bare, fake] = contenders ?? [];
  if (!bare || !fake) throw new Error(`"${id}" is no case`);
  return { bare, fake };
}

/** Of the bare server: by CPU per request, or by requests per second where the system does not tell CPU. */
async function shareOf(rivals: Rivals, pair: Pair): Promise<number> {
  const turn = async ({ plan, expected = [200] }: Contender, running: Running) => {
    const asked = await plan(running, { seconds: SECONDS });
    return measure(running, { generator, connections: 32, seconds: SECONDS, url: running.url, ...asked }, expected);
  };
  const shares: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const other = await turn({ ...rivals.bare, expected: [200] }, pair.bare);
    const own = await turn(rivals.fake, pair.fake);
    // The first warms both up.
    if (round > 0) shares.push(shareOfCpu(other, own));
  }
  return median(shares) ?? Number.NaN;
}

function shareOfCpu(other: Measured, own: Measured): number {
  if (other.cpu === undefined || own.cpu === undefined) return own.perSecond / other.perSecond;
  return other.cpu / own.cpu;
}

endOnSignals();
const complaints = [...(await startComplaints()), ...(await loadComplaints())];
for (const complaint of complaints) console.error(`too slow: ${complaint}`);
if (complaints.length > 0) process.exitCode = 1;
else console.log('as fast as it should be');
