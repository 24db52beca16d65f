/** Pictures of the last minutes: requests per second by status, and how long tokens lived under them. */
import { put, svg } from './elements.js';
import { span } from './format.js';

const DIGITS = ['2', '3', '4', '5', '0'];
/** Seconds that may be drawn: as few as have everything that happened in the longest of them. */
const WINDOWS = [60, 120, 300];
export const LONGEST_WINDOW = 300;

export function windowOf({ seconds }, now) {
  const last = Math.floor(now / 1000);
  const first = [...seconds.keys()].find((second) => second > last - LONGEST_WINDOW) ?? last;
  return WINDOWS.find((window) => last - first < window) ?? LONGEST_WINDOW;
}

/** What each second of the window had, the oldest first. */
function bucketsOf({ seconds }, now, window) {
  const last = Math.floor(now / 1000);
  return Array.from({ length: window }, (_, index) => seconds.get(last - window + 1 + index) ?? {});
}

const sumOf = (bucket) => DIGITS.reduce((sum, digit) => sum + (bucket[digit] ?? 0), 0);

/** Bars of requests per second, stacked by status. */
export function drawCounts(place, stream, { height = 44, width = place.clientWidth || 800, now = Date.now() } = {}) {
  const window = windowOf(stream, now);
  const buckets = bucketsOf(stream, now, window);
  const most = Math.max(4, ...buckets.map(sumOf));
  const step = width / window;
  const bars = buckets.flatMap((bucket, index) => {
    let y = height;
    return DIGITS.map((digit) => {
      const tall = ((bucket[digit] ?? 0) / most) * (height - 2);
      if (tall === 0) return undefined;
      y -= Math.max(1, tall);
      return svg('rect', {
        class: `s${digit}`,
        x: (index * step).toFixed(1),
        y: y.toFixed(1),
        width: Math.max(1, step - 0.6).toFixed(1),
        height: Math.max(1, tall).toFixed(1),
      });
    });
  });
  const total = buckets.reduce((sum, bucket) => sum + sumOf(bucket), 0);
  const label = `${total} requests in the last ${span(window)}, at most ${Math.max(0, ...buckets.map(sumOf))} in a second`;
  put(
    place,
    svg(
      'svg',
      { class: 'counts', viewBox: `0 0 ${width} ${height}`, height, role: 'img', 'aria-label': label },
      svg('title', {}, label),
      svg('line', { class: 'axis', x1: 0, x2: width, y1: height - 0.5, y2: height - 0.5 }),
      bars,
    ),
  );
  return { total, most };
}

/**
 * A lane for each token: from when it was dealt until it expired, or until now; a notch for its last use.
 * @returns the tokens that are drawn
 */
export function drawTokens(place, stream, { width = place.clientWidth || 800, lanes = 24, now = Date.now() } = {}) {
  const window = windowOf(stream, now);
  const start = now - window * 1000;
  const x = (instant) => Math.max(0, Math.min(width, ((instant - start) / (window * 1000)) * width));
  const lives = [...stream.tokens.values()]
    .map((token) => ({ token, end: endOf(token, stream.clock) }))
    .filter(({ end }) => (end ?? now) >= start);
  const shown = lives.slice(-lanes);
  const height = shown.length * 9 + 4;
  const lines = shown.map(({ token, end }, index) => {
    const y = index * 9 + 6;
    const from = x(token.dealtAt);
    return [
      svg('line', {
        class: end === undefined ? 'life alive' : 'life dead',
        x1: from,
        x2: Math.max(from + 2, x(end ?? now)),
        y1: y,
        y2: y,
      }),
      svg('circle', { class: 'dealt', cx: from, cy: y, r: 3 }),
      token.lastUse !== null && svg('circle', { class: 'use', cx: x(token.lastUse), cy: y, r: 2 }),
      end !== undefined && svg('line', { class: 'end', x1: x(end), x2: x(end), y1: y - 4, y2: y + 4 }),
    ];
  });
  const jumps = stream.clock.jumps
    .filter((real) => real >= start)
    .map((real) => svg('line', { class: 'jump', x1: x(real), x2: x(real), y1: 0, y2: height }));
  const label = `${lives.length} tokens, ${lives.filter(({ end }) => end === undefined).length} of them alive`;
  put(
    place,
    svg(
      'svg',
      { class: 'lives', viewBox: `0 0 ${width} ${height}`, height, role: 'img', 'aria-label': label },
      svg('title', {}, label),
      jumps,
      lines,
    ),
  );
  return { lives, left: lives.length - shown.length };
}

/** Real instant at which a token expired; undefined while it lives. */
export const endOf = ({ expiresAt }, clock) => (expiresAt === undefined ? undefined : clock.reached(expiresAt * 1000));
