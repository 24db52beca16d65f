/** What happens, as the fake tells it: kept for every view, and bounded whatever comes. */
import { createClockLine } from './clock-line.js';

const MOST_ROWS = 1000;
const MOST_TOKENS = 300;
/** Seconds that are remembered of the counts. */
const MEMORY = 600;

export const keyOf = ({ namespace, id }) => `${namespace}/${id}`;

/** @param {ReturnType<import('./api.js').createApi>} api */
export function createStream(api) {
  const listeners = new Set();
  const stream = {
    /** The oldest first. */
    rows: [],
    faults: [],
    clock: createClockLine(),
    /** By second of real time: counts by the first digit of the status, and `dealt` tokens. */
    seconds: new Map(),
    /** By label: tokens that were dealt before our eyes. */
    tokens: new Map(),
    /** Exchanges that have no row. */
    left: 0,
    state: 'connecting',
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    connect: () => connect(),
    forget: () => forget(),
  };
  let ending;

  const tell = (news) => {
    for (const listener of listeners) listener(news);
  };
  const setState = (state) => {
    stream.state = state;
    tell({ state });
  };

  function forget() {
    stream.rows = [];
    stream.seconds.clear();
    stream.tokens.clear();
    stream.left = 0;
    tell({ forgot: true });
  }

  async function connect() {
    ending?.abort();
    const mine = new AbortController();
    ending = mine;
    let patience = 300;
    while (!mine.signal.aborted) {
      setState('connecting');
      try {
        const query = api.world === api.own && api.own === '' ? '?namespaces=all' : '';
        const answer = await api.fetch('GET', `/events${query}`, { signal: mine.signal });
        if (!answer.ok) throw new Error(`the answer is ${answer.status}`);
        // Whoever comes back may find another fake: ids begin anew with it.
        forget();
        patience = 300;
        await read(answer.body, mine.signal);
      } catch (error) {
        if (mine.signal.aborted) return;
        if (error.name === 'Gone') {
          setState('gone');
          return tell({ gone: true });
        }
      }
      setState('lost');
      await new Promise((resolve) => setTimeout(resolve, patience));
      patience = Math.min(5000, patience * 2);
    }
  }

  async function read(body, signal) {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    let first = true;
    for (;;) {
      const { value, done } = await reader.read();
      if (done || signal.aborted) return;
      text += value;
      const events = text.split('\n\n');
      text = events.pop();
      for (const event of events) {
        const data = /^data: (.*)$/m.exec(event)?.[1];
        if (data === undefined) continue;
        take(JSON.parse(data), first);
        if (first) setState('live');
        first = false;
      }
    }
  }

  function take(news, first) {
    if (news.gone) throw Object.assign(new Error('the namespace was freed'), { name: 'Gone' });
    for (const namespace of news.emptied) forgetNamespace(namespace);
    if (news.clock) stream.clock.move(news.clock);
    if (news.faults) stream.faults = news.faults;
    stream.left += first ? 0 : news.left;
    addRows(news.rows);
    if (first) for (const row of news.rows) countIn(row.arrivedAt, { [digitOf(row)]: 1, dealt: row.dealt ? 1 : 0 });
    else if (Object.keys(news.ended).length > 0) countIn(Date.now(), { ...news.ended, dealt: news.dealt });
    tell({ ...news, first });
  }

  function forgetNamespace(namespace) {
    stream.rows = stream.rows.filter((row) => row.namespace !== namespace);
    for (const [label, { row }] of stream.tokens) if (row.namespace === namespace) stream.tokens.delete(label);
    stream.seconds.clear();
  }

  function addRows(rows) {
    const known = new Map(
      stream.rows.slice(-200).map((row, index, part) => [keyOf(row), stream.rows.length - part.length + index]),
    );
    for (const row of rows) {
      const at = known.get(keyOf(row));
      if (at === undefined) stream.rows.push(row);
      else stream.rows[at] = row;
      if (row.status !== null) noteTokens(row);
    }
    if (stream.rows.length > MOST_ROWS) stream.rows = stream.rows.slice(-MOST_ROWS);
  }

  function noteTokens(row) {
    const used = row.token && stream.tokens.get(row.token);
    if (used) {
      used.uses += 1;
      used.lastUse = row.arrivedAt;
    }
    const { dealt } = row;
    if (!dealt || stream.tokens.has(dealt.token)) return;
    stream.tokens.set(dealt.token, { ...dealt, row, dealtAt: row.arrivedAt, uses: 0, lastUse: null });
    if (stream.tokens.size > MOST_TOKENS) stream.tokens.delete(stream.tokens.keys().next().value);
  }

  function countIn(at, counts) {
    const second = Math.floor(at / 1000);
    const bucket = stream.seconds.get(second) ?? {};
    for (const [name, number] of Object.entries(counts)) bucket[name] = (bucket[name] ?? 0) + number;
    stream.seconds.set(second, bucket);
    if (stream.seconds.size > MEMORY) stream.seconds.delete(stream.seconds.keys().next().value);
  }
  return stream;
}

const digitOf = ({ status }) => (status === null ? '0' : String(status)[0]);
