/** Reads the stream of /__admin/events. */

import type { News as Told } from '../../mock-server/admin/watch.ts';
import type { ClockState, FaultState } from '../../mock-server/index.ts';

export interface News extends Told {
  clock?: ClockState;
  faults?: FaultState[];
  gone?: true;
}

export interface Stream {
  /** The next event; rejects where the stream has ended. */
  next(): Promise<News>;
  /** The first of those that come for which it holds. */
  until(holds: (news: News) => boolean): Promise<News>;
  close(): Promise<void>;
}

export async function watch(adminUrl: string | undefined, query = ''): Promise<Stream> {
  const ending = new AbortController();
  const answer = await fetch(`${adminUrl}/events${query}`, { signal: ending.signal });
  if (!answer.headers.get('content-type')?.startsWith('text/event-stream')) throw new Error(`${answer.status}`);
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  const next = async (): Promise<News> => {
    for (;;) {
      const end = text.indexOf('\n\n');
      if (end !== -1) {
        const event = text.slice(0, end);
        text = text.slice(end + 2);
        const data = /^data: (.*)$/m.exec(event)?.[1];
        if (data !== undefined) return JSON.parse(data) as News;
        continue;
      }
      const read = await reader?.read();
      if (!read || read.done) throw new Error('the stream has ended');
      text += read.value;
    }
  };
  return {
    next,
    until: async (holds) => {
      for (;;) {
        const news = await next();
        if (holds(news)) return news;
      }
    },
    close: async () => {
      ending.abort();
      await reader?.cancel().catch(() => {});
    },
  };
}
