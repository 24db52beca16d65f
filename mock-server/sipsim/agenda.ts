/** What is to happen on the mock's clock, and whom it is told. It waits on that clock alone and ends with the mock. */
import type { Delivery } from '../provider.ts';
import type { IntegrationRecord } from './seed.ts';
import type { SipsimState } from './state.ts';
import { deliver, type Posting } from './webhook-delivery.ts';
import type { Happening } from './webhook-events.ts';
import { webhookUrlOf } from './webhooks.ts';

export interface Agenda {
  /** What happens at the same moment is told in the order in which it was added. */
  add(happenings: Happening[]): Promise<void>;
  /** Sends one thing at once, whether its event is enabled or not. */
  post(posting: Posting): Promise<Delivery>;
  /** What was sent, in that order, once everything that is due is through. */
  deliveries(): Promise<Delivery[]>;
  /** Looks again what is due: the store has other happenings than before. */
  wake(): void;
  /** Forgets what was sent and breaks off what is on its way. */
  clear(): void;
  close(): void;
}

/** Deliveries that are remembered. */
const MOST = 1_000;

export function createAgenda(state: SipsimState): Agenda {
  const { clock, pending } = state;
  const sent: Delivery[] = [];
  /** By client: what is sent to one server is sent in turn. */
  const lines = new Map<string, Promise<unknown>>();
  let stop = new AbortController();
  let alarm = new AbortController();
  let turn: Promise<void> = Promise.resolve();
  let added = 0;

  const post = (posting: Posting): Promise<Delivery> => {
    const { clientId } = posting.integration;
    const { signal } = stop;
    const delivered = (lines.get(clientId) ?? Promise.resolve()).then(async () => {
      const delivery = await deliver(state, posting, signal);
      if (!signal.aborted) sent.push(delivery);
      if (sent.length > MOST) sent.shift();
      return delivery;
    });
    lines.set(clientId, delivered);
    return delivered;
  };

  const tell = async ({ account, event, payload }: Happening) => {
    for (const integration of await integrationsOf(state, account)) {
      const url = await webhookUrlOf(state, integration, event);
      if (url !== undefined) void post({ integration, url, event, payload });
    }
  };

  const takeDue = async () => {
    alarm.abort();
    alarm = new AbortController();
    const { signal } = alarm;
    for (;;) {
      const [next] = await pending.range({ limit: 1 });
      if (!next) return;
      if (next.value.at > clock.now()) {
        void clock.wait(next.value.at - clock.now(), signal).then(() => (signal.aborted ? undefined : proceed()));
        return;
      }
      const due = await pending.remove(next.key);
      if (due) await tell(due);
    }
  };
  const proceed = (): Promise<void> => {
    turn = turn.then(takeDue).catch((error) => console.error('sidetone: bug in the fake, please report it:', error));
    return turn;
  };

  const clear = () => {
    stop.abort();
    alarm.abort();
    stop = new AbortController();
    sent.length = 0;
    lines.clear();
  };
  return {
    add: async (happenings) => {
      for (const happening of happenings) await pending.insert(orderedKey(happening.at, added++), happening);
      await proceed();
    },
    post,
    deliveries: async () => {
      await proceed();
      await Promise.all(lines.values());
      return [...sent];
    },
    wake: () => {
      clear();
      void proceed();
    },
    clear,
    close: clear,
  };
}

const orderedKey = (at: number, count: number) => `${String(at).padStart(15, '0')}/${String(count).padStart(12, '0')}`;

async function integrationsOf({ integrations }: SipsimState, account: number): Promise<IntegrationRecord[]> {
  return (await integrations.all()).filter((integration) => integration.account.id === account);
}
