/** The timeline: whether a token is kept or fetched on every call is seen at a glance. */
import { h, put, said } from './elements.js';
import { count, span, timeOfDay } from './format.js';
import { drawCounts, drawTokens, LONGEST_WINDOW, windowOf } from './timeline-picture.js';

export function show({ stream }, main) {
  const counts = h('div', { class: 'picture' });
  const lives = h('div', { class: 'picture' });
  const verdict = h('p', { class: 'verdict', role: 'status' });
  const list = h('tbody');
  const axis = h('p', { class: 'axis muted' });
  main.append(
    h(
      'section',
      { class: 'card' },
      h('h3', {}, 'Requests per second'),
      h(
        'p',
        { class: 'legend' },
        [
          ['2', '2xx'],
          ['3', '3xx'],
          ['4', '4xx'],
          ['5', '5xx'],
          ['0', 'no answer'],
        ].map(([digit, text]) => h('span', {}, h('i', { class: `s${digit}` }), text)),
      ),
      counts,
      axis,
      h('h3', {}, 'Tokens, from when they were dealt to when they expired'),
      verdict,
      lives,
    ),
    h(
      'section',
      { class: 'card' },
      h('h3', {}, 'The latest tokens'),
      h(
        'div',
        { class: 'scroll' },
        h(
          'table',
          { class: 'plain' },
          h(
            'thead',
            {},
            h(
              'tr',
              {},
              ['Token', 'Client', 'Dealt', 'Used', 'Life'].map((title) => h('th', { scope: 'col' }, title)),
            ),
          ),
          list,
        ),
      ),
    ),
  );

  function draw() {
    put(axis, axisOf(windowOf(stream, Date.now())));
    drawCounts(counts, stream, { height: 150 });
    const { lives: tokens } = drawTokens(lives, stream);
    const [sentence, kind] = judge(stream, tokens);
    verdict.className = `verdict ${kind}`;
    if (verdict.textContent !== sentence) put(verdict, sentence);
    put(
      list,
      tokens
        .slice(-20)
        .reverse()
        .map(({ token, end }) =>
          h(
            'tr',
            {},
            h(
              'td',
              {},
              h('a', { href: `#live/${encodeURIComponent(token.row.namespace)}/${token.row.id}` }, said(token.token)),
            ),
            h('td', {}, said(token.client ?? '–')),
            h('td', {}, timeOfDay(token.dealtAt)),
            h('td', {}, count(token.uses, 'time')),
            h('td', {}, lifeOf(token, end, stream.clock)),
          ),
        ),
    );
  }
  const watcher = new ResizeObserver(draw);
  watcher.observe(counts);
  draw();
  return { tick: draw, close: () => watcher.disconnect() };
}

function lifeOf({ expiresAt }, end, clock) {
  if (expiresAt === undefined) return 'not told';
  if (end !== undefined) return h('span', { class: 'bad' }, 'expired');
  return `${span(expiresAt - clock.now() / 1000)} left`;
}

/** Six instants from the beginning of the window until now. */
const axisOf = (window) =>
  [5, 4, 3, 2, 1].map((part) => h('span', {}, `−${span((window * part) / 5)}`)).concat(h('span', {}, 'now'));

/** What the picture says, in a sentence. */
export function judge({ seconds, left }, tokens, now = Date.now()) {
  const first = Math.floor(now / 1000) - LONGEST_WINDOW;
  const window = [...seconds].filter(([second]) => second > first).map(([, bucket]) => bucket);
  const dealt = window.reduce((sum, bucket) => sum + (bucket.dealt ?? 0), 0);
  const all = window.reduce(
    (sum, bucket) => sum + ['0', '2', '3', '4', '5'].reduce((some, digit) => some + (bucket[digit] ?? 0), 0),
    0,
  );
  const calls = all - dealt;
  if (dealt === 0) return ['No token was dealt in this time.', ''];
  const summary = `${count(dealt, 'token')} for ${count(calls, 'other request')}.`;
  if (left === 0) {
    const [client, wasted] = mostWasted(tokens);
    if (wasted >= 5) {
      return [
        `A token is fetched for nearly every call: ${wasted} tokens of ${client} served one request at most, and then the next was fetched though they were good.`,
        'bad',
      ];
    }
  } else if (dealt >= 5 && calls < dealt * 1.5) {
    return [`A token is fetched for nearly every call: ${summary} One token serves until it expires.`, 'bad'];
  }
  return [`${summary} On average one token served ${(calls / dealt).toFixed(1)} of them.`, 'good'];
}

/** The client that gave up most tokens after one request, while they were good, and their number. */
function mostWasted(tokens) {
  const wasted = new Map();
  const last = new Map();
  for (const { token, end } of tokens) {
    const before = last.get(token.client);
    if (before && before.token.uses <= 1 && !(before.end < token.dealtAt))
      wasted.set(token.client, (wasted.get(token.client) ?? 0) + 1);
    last.set(token.client, { token, end });
  }
  return [...wasted].sort(([, one], [, other]) => other - one)[0] ?? [undefined, 0];
}
