/** Contenders take turns, round after round: what disturbs the machine disturbs all of them. */
import { type Contender, NotThere } from './contenders.ts';
import { type Measured, measure } from './load.ts';
import { type Running, start } from './processes.ts';

export interface Row {
  name: string;
  /** Medians over the rounds. Absent where there is no such thing, see `missing`. */
  perSecond?: number;
  /** Of the first contender of the same case: by requests per second, and by CPU per request. */
  ofBare?: number;
  ofBareCpu?: number;
  p50?: number;
  p99?: number;
  /** Microseconds per request. */
  cpu?: number;
  /** MB. */
  idle?: number;
  loaded?: number;
  missing?: string;
}

export interface Turns {
  generator: string;
  /** Whether wrk is installed. */
  wrk?: boolean;
  seconds: number;
  rounds: number;
  connections?: number;
}

interface Seat {
  contender: Contender;
  running?: Running;
  idle?: number | undefined;
  end?: (() => void) | undefined;
  measured: Measured[];
  missing?: string;
}

const CONNECTIONS = 32;
const WARM_UP = 1;

export async function takeTurns(contenders: Contender[], turns: Turns): Promise<Row[]> {
  const seats: Seat[] = [];
  try {
    for (const contender of contenders) seats.push(await seat(contender));
    for (const each of seats) await turn(each, turns, WARM_UP);
    for (const each of seats) each.measured = [];
    for (let round = 0; round < turns.rounds; round += 1) {
      for (const each of seats) await turn(each, turns, turns.seconds);
    }
    return rowsOf(seats);
  } finally {
    for (const { end, running } of seats) {
      end?.();
      await running?.stop();
    }
  }
}

async function seat(contender: Contender): Promise<Seat> {
  let running: Running | undefined;
  try {
    running = await start(contender.program);
    const end = await contender.prepare?.(running);
    return { contender, running, idle: running.memory(), end, measured: [] };
  } catch (error) {
    await running?.stop();
    // Told in the table, with its reason: nothing is left out in silence.
    const reason = (error as Error).message.split('\n').slice(0, 3).join(' ');
    return { contender, measured: [], missing: error instanceof NotThere ? `not there: ${reason}` : reason };
  }
}

async function turn(seat: Seat, turns: Turns, seconds: number): Promise<void> {
  const { contender, running } = seat;
  if (!running || seat.missing !== undefined) return;
  const asked = await contender.plan(running, { seconds });
  const { generator, wrk = false, connections = CONNECTIONS } = turns;
  const plan = { generator, wrk, url: running.url, connections, seconds };
  seat.measured.push(await measure(running, { ...plan, ...asked }, contender.expected ?? [200]));
}

function rowsOf(seats: Seat[]): Row[] {
  const middle = (seat: Seat, of: (measured: Measured) => number | undefined) =>
    median(seat.measured.flatMap((measured) => of(measured) ?? []));
  const bare = seats[0];
  return seats.map((seat): Row => {
    const { contender, running, idle, measured, missing } = seat;
    if (missing !== undefined || !running) return { name: contender.name, missing: missing ?? 'did not start' };
    // Round by round: both were disturbed alike.
    const ratios = measured.map(({ perSecond }, round) => perSecond / (bare?.measured[round]?.perSecond ?? Number.NaN));
    const shares = measured.map(({ cpu = Number.NaN }, round) => (bare?.measured[round]?.cpu ?? Number.NaN) / cpu);
    return {
      name: contender.name,
      ...given(
        'perSecond',
        middle(seat, ({ perSecond }) => perSecond),
      ),
      ...given('ofBare', median(ratios)),
      ...given('ofBareCpu', median(shares)),
      ...given(
        'p50',
        middle(seat, ({ p50 }) => p50),
      ),
      ...given(
        'p99',
        middle(seat, ({ p99 }) => p99),
      ),
      ...given(
        'cpu',
        middle(seat, ({ cpu }) => cpu),
      ),
      ...given('idle', idle),
      ...given('loaded', running.memory()),
    };
  });
}

const given = (name: string, value: number | undefined) =>
  value === undefined || Number.isNaN(value) ? {} : { [name]: value };

export function median(values: number[]): number | undefined {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)];
}
