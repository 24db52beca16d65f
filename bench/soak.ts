/**
 * `npm run bench:soak`: whether memory stays where it is, over ten million requests and a million tokens. Prints it after
 * each slice, and fails if the last slices have more than the early ones.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { authorized, sipsimToken } from './cases.ts';
import { asking, type Contender } from './contenders.ts';
import { fake } from './fake.ts';
import { install } from './installed.ts';
import { measure } from './load.ts';
import { endOnSignals, type Running, start } from './processes.ts';

const SLICES = 20;
const CONNECTIONS = 32;
/** MB by which the end may be above the beginning: what a collection more or less makes of it. */
const ROOM = 10;
/** Seconds that one slice may take. */
const PATIENCE = 3_600;

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '10000000' },
    tokens: { type: 'string', default: '1000000' },
  },
});
endOnSignals();
const { folder: generator } = install('generator');

/** Memory in MB after each slice. */
async function soak(running: Running, plan: Contender['plan'], total: number): Promise<number[]> {
  const memory: number[] = [];
  const amount = Math.ceil(total / SLICES);
  for (let slice = 1; slice <= SLICES; slice += 1) {
    const asked = await plan(running, { seconds: PATIENCE });
    const whole = { generator, url: running.url, connections: CONNECTIONS, seconds: PATIENCE, amount, ...asked };
    const { perSecond } = await measure(running, whole, [200]);
    memory.push(running.memory() ?? Number.NaN);
    console.log(`${slice * amount}: ${memory.at(-1)?.toFixed(0)} MB, ${perSecond.toFixed(0)} in a second`);
  }
  return memory;
}

/** The first slices fill what is bounded: the journal, what is remembered of tokens and answers. */
function isFlat(memory: number[]): boolean {
  const early = Math.max(...memory.slice(SLICES / 5, SLICES / 2));
  return Math.max(...memory.slice(-SLICES / 5)) <= early + ROOM;
}

const running = await start(fake(join(import.meta.dirname, '..')));
try {
  console.log(`GET /v2/account, ${values.requests} times`);
  const requests = await soak(running, asking(authorized), Number(values.requests));
  console.log(`POST /oauth/token, ${values.tokens} times`);
  const tokens = await soak(running, asking(sipsimToken), Number(values.tokens));
  const flat = isFlat(requests) && isFlat(tokens);
  console.log(flat ? 'memory is flat' : 'memory grows');
  process.exitCode = flat ? 0 : 1;
} finally {
  await running.stop();
}
