/** /__admin/events: what happens, while it happens, as server-sent events. Nothing runs while nobody watches. */
import type { ServerResponse } from 'node:http';
import type { ClockState } from '../clock.ts';
import { InputError } from '../input-error.ts';
import { realTime } from '../real-time.ts';
import type { World } from '../world.ts';
import { type AdminRoute, only, part } from './route.ts';
import { type Allowance, createWatch, type News, united, type Watch } from './watch.ts';

/** Milliseconds from one look to the next: what is seen is younger than this. */
const PERIOD = 80;
/** Rows of one event. */
const MOST_ROWS = 40;
/** Each row costs the fake its time: a burst has all of them, a flood so many a second, which nobody can read either. */
const BURST = 400;
const ROWS_PER_SECOND = 40;
/** Rows that a stream begins with. */
const BACKLOG = 1_000;
/** A comment so often keeps proxies from ending a silent stream. */
const SILENCE = 15_000;

export const eventRoutes: AdminRoute[] = [
  {
    ...{ method: 'get', path: '/events', operationId: 'getEvents', summary: 'What happens, as server-sent events' },
    query: {
      namespaces: {
        description: 'all: exchanges of every namespace, not of this one alone',
        schema: { enum: ['all'] },
      },
    },
    answers: {
      200: {
        description: 'An event `news` whenever something has happened, its data as JSON',
        schema: part('News'),
        type: 'text/event-stream',
      },
    },
    handle: ({ world, namespaces, query, root }) => {
      only(query, ['namespaces']);
      const wanted = query.get('namespaces');
      if (wanted !== null && wanted !== 'all') throw new InputError('"namespaces" can be nothing but "all"');
      const worlds = wanted === 'all' ? () => [root, ...namespaces.worlds()] : () => [world];
      const isLiving = () => world === root || namespaces.worlds().includes(world);
      return { status: 200, stream: (response) => tell(response, { world, worlds, isLiving }) };
    },
  },
];

interface Watched {
  /** Whose clock and faults are told. */
  world: World;
  /** Whose exchanges are told. */
  worlds: () => World[];
  /** False once the namespace is freed. */
  isLiving: () => boolean;
}

function tell(response: ServerResponse, watched: Watched): void {
  const { world, worlds } = watched;
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  const watch = createWatch();
  const surroundings = createSurroundings(world);
  let spoken = realTime();
  const write = (text: string) => {
    spoken = realTime();
    response.write(text);
  };
  let credit = BURST;
  let timer: NodeJS.Timeout | undefined;
  const look = (allowance: Allowance, always: boolean) => {
    const found = newsOf(worlds(), watch.look, allowance);
    credit = Math.max(0, credit - (found?.rows.length ?? 0));
    const changed = surroundings();
    const gone = !watched.isLiving();
    if (found || changed || always) write(eventOf({ ...(found ?? united([])), ...changed, ...(gone && { gone }) }));
    if (!gone) return;
    response.end();
    clearInterval(timer);
  };
  look({ now: BACKLOG, soon: BACKLOG }, true);
  if (response.writableEnded) return;
  credit = BURST;
  timer = setInterval(() => {
    // Whoever reads slowly is told less often, and nothing piles up for them.
    if (response.writableEnded || response.writableNeedDrain) return;
    credit = Math.min(BURST, credit + (ROWS_PER_SECOND * PERIOD) / 1_000);
    look({ now: Math.min(MOST_ROWS, Math.floor(credit)), soon: Math.floor(credit) }, !watched.isLiving());
    if (realTime() - spoken > SILENCE) write(': still here\n\n');
  }, PERIOD);
  timer.unref();
  response.once('close', () => clearInterval(timer));
}

const eventOf = (news: object) => `event: news\ndata: ${JSON.stringify(news)}\n\n`;

function newsOf(worlds: World[], look: Watch['look'], allowance: Allowance): News | undefined {
  let { now, soon } = allowance;
  const found = worlds.flatMap((world) => {
    const news = look(world, { now, soon });
    const rows = news?.rows.length ?? 0;
    [now, soon] = [Math.max(0, now - rows), Math.max(0, soon - rows)];
    return news ?? [];
  });
  return found.length === 0 ? undefined : united(found);
}

/** The clock and the faults of a world, where they are others than the last time. */
function createSurroundings(world: World) {
  const { clock, faults } = world;
  let [toldAt, toldClock, toldFaults] = [0, undefined as ClockState | undefined, ''];
  return () => {
    // Read together: time that goes by between them would be one that was moved.
    const [state, now] = [clock.state(), realTime()];
    const armed = faults.armed ? JSON.stringify(faults.list()) : '[]';
    const clockChanged = !toldClock || isOther(state, toldClock, now - toldAt);
    const faultsChanged = armed !== toldFaults;
    if (clockChanged) [toldAt, toldClock] = [now, state];
    toldFaults = armed;
    if (!clockChanged && !faultsChanged) return undefined;
    return { ...(clockChanged && { clock: state }), ...(faultsChanged && { faults: JSON.parse(armed) as object[] }) };
  };
}

/** Real milliseconds by which a clock may be off before it counts as moved: timers are not exact. */
const TOLERANCE = 50;

function isOther(state: ClockState, told: ClockState, gone: number): boolean {
  if (state.frozen !== told.frozen || state.rate !== told.rate) return true;
  const pace = state.frozen ? 0 : state.rate;
  return Math.abs(Date.parse(state.now) - Date.parse(told.now) - gone * pace) > TOLERANCE * Math.max(1, pace);
}
