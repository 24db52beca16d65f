/** /__admin/clock */
import { type Clock, createClock } from '../clock.ts';
import { InputError } from '../input-error.ts';
import { type AdminRoute, part } from './route.ts';

const state = { 200: { description: 'The clock as it is now', schema: part('Clock') } };

export const clockRoutes: AdminRoute[] = [
  {
    ...{ method: 'get', path: '/clock', operationId: 'getClock', summary: "The mock's time", answers: state },
    handle: ({ world: { clock } }) => ({ status: 200, body: clock.state() }),
  },
  {
    ...{
      method: 'put',
      path: '/clock',
      operationId: 'changeClock',
      summary: "Changes the mock's time",
      answers: state,
    },
    body: part('ClockChange'),
    handle: ({ world: { clock }, body }) => {
      changeClock(clock, body());
      return { status: 200, body: clock.state() };
    },
  },
];

/** What a change of the clock may be, and how it is made. */
const CLOCK_CHANGES: Record<
  string,
  { valid: (value: unknown) => boolean; make: (clock: Clock, value: never) => void }
> = {
  advance: { valid: isTextOrNumber, make: (clock, value) => clock.advance(value) },
  set: { valid: isTextOrNumber, make: (clock, value) => clock.set(value) },
  freeze: {
    valid: (value) => typeof value === 'boolean',
    make: (clock, value) => (value ? clock.freeze() : clock.resume()),
  },
  rate: { valid: (value) => typeof value === 'number', make: (clock, value) => clock.rate(value) },
  reset: { valid: (value) => value === true, make: (clock) => clock.reset() },
};

/** What is made before all else, the last of these first. */
const FIRST = ['freeze', 'reset'];

function isTextOrNumber(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number';
}

/**
 * All the changes or none: they are tried on a clock of their own first. A clock that is set and frozen in one change
 * stands at that very instant, in whichever order they are written.
 */
function changeClock(clock: Clock, body: Record<string, unknown>): void {
  const known = Object.keys(CLOCK_CHANGES).join(', ');
  const inOrder = Object.entries(body).sort(([a], [b]) => FIRST.indexOf(b) - FIRST.indexOf(a));
  const changes = inOrder.map(([name, value]) => {
    const change = Object.hasOwn(CLOCK_CHANGES, name) ? CLOCK_CHANGES[name] : undefined;
    if (!change) throw new InputError(`"${name}" is no change of the clock; expected: ${known}`);
    if (!change.valid(value)) throw new InputError(`"${name}" cannot be ${JSON.stringify(value)}`);
    return (subject: Clock) => change.make(subject, value as never);
  });
  if (changes.length === 0) throw new InputError(`"" is no change of the clock; expected: ${known}`);
  const trial = createClock(clock.now);
  for (const change of changes) change(trial);
  for (const change of changes) change(clock);
}
