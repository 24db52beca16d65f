/** What remembering goes by: all of it belongs to one world, but for what the worlds of a server share. */
import type { Serving } from '../app.ts';
import type { Clock } from '../clock.ts';
import type { Faults } from '../faults/faults.ts';
import type { Ids } from '../ids.ts';
import type { RecordedExchange } from '../journal/exchange.ts';
import type { Journal } from '../journal/journal.ts';
import type { RememberedAnswer } from './answer.ts';
import type { createMarks } from './question.ts';
import type { Recent } from './recent.ts';
import type { Witness } from './witness.ts';

/** Longer ones are not kept. */
export const LONGEST_QUESTION = 8_192;

export interface RememberingOptions {
  /** Of the namespace. */
  name: string;
  answers: Recent<RememberedAnswer>;
  principalOf: Serving['principalOf'];
  wasAsked: ReturnType<typeof createMarks>;
  witness: Witness;
  /** Number of the world's state: another one after each change, and no world's ever the same. */
  state: () => number;
  /** What one may strike is not remembered. */
  faults: Pick<Faults, 'armed' | 'concern'>;
  clock: Clock;
  ids: Ids;
  settings: { journal: boolean; journalBody: number };
  journal: Journal;
  onExchange?: (exchange: RecordedExchange) => void;
  /** The Date header. */
  date: () => string;
}
