/** All that a run makes at the account that it asks: written down before it is made, known again, removed at the end. */
import type { Reply } from '../client.ts';
import type { CallOptions, Session } from '../session.ts';
import { type Clock, realClock } from './clock.ts';
import { createRunId, type Ledger, markOf } from './ledger.ts';
import type { Kind } from './resources.ts';
import { remaining, type Settled, settle } from './settle.ts';
import { emptyAccount, type Made, watchesOf } from './watch.ts';

export interface Creations {
  /** `sidetone-<run>`: the name of what is made begins so, or its description has it. */
  mark: string;
  /** A name that no other thing of the run has. */
  name(): string;
  /** How long may pass until what was accepted for deletion is gone; see `untilGone`. */
  patience: { clock: Clock; deadline: number };
  /** Sends a request of a check; if it makes, changes or ends something, that is kept account of. */
  watch(session: Session, operationId: string, options: CallOptions, send: () => Promise<Reply>): Promise<Reply>;
  /** What another run has made is this one's to remove. Without an id it is known by its mark alone. */
  adopt(kind: Kind, id?: string): void;
  /** What is still there of it. Throws where that cannot be seen. */
  remaining(session: Session): Promise<Own[]>;
  /** Removes it, and waits until it is gone. The ledger is not needed any more then. */
  settle(session: Session): Promise<Settled>;
}

export interface Own {
  kind: Kind;
  id: string;
  /** Its name, where it has one. */
  name?: string;
}

export interface CreationsOptions {
  /** Id of the run; see `createRunId`. */
  run?: string;
  ledger?: Ledger;
  /** Whether nothing may be changed or ended that the run has not made. */
  guarded?: boolean;
  clock?: Clock;
  /** Milliseconds; see `untilGone`. */
  deadline?: number;
}

export function createCreations({
  run = createRunId(),
  ledger,
  guarded = false,
  clock = realClock,
  deadline = 0,
}: CreationsOptions = {}): Creations {
  const mark = markOf(run);
  const made: Made = new Map();
  const watches = watchesOf({ made, guarded, ...(ledger && { ledger }) });
  const patience = { clock, deadline };
  let names = 0;
  return {
    mark,
    name: () => `${mark}-${++names}`,
    patience,
    watch: async (session, operationId, options, send) => {
      const watch = watches.get(operationId);
      return watch ? watch(session, options, send) : send();
    },
    adopt: (kind, id) => {
      const account = made.get(kind) ?? emptyAccount();
      made.set(kind, account);
      account.tried += 1;
      // In doubt until the list has said what there is.
      account.inDoubt += 1;
      if (id === undefined) return;
      account.ids.add(id);
      account.open.add(id);
    },
    remaining: (session) => remaining(session, { made, mark }),
    settle: async (session) => {
      const settled = await settle(session, { made, mark, patience });
      if (settled.left.length === 0) ledger?.discard();
      else ledger?.close();
      return settled;
    },
  };
}
