/** Times, sizes and statuses as people read them. */

const two = (number) => String(number).padStart(2, '0');

/** Time of day of an instant in milliseconds, with them. */
export function timeOfDay(instant) {
  const date = new Date(instant);
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

/** An instant to the second, in UTC. */
export const instant = (milliseconds) => `${new Date(milliseconds).toISOString().slice(0, 19).replace('T', ' ')} Z`;

/** "1 h 4 min", the two largest units. */
export function span(seconds) {
  const whole = Math.round(Math.abs(seconds));
  const parts = [
    [Math.floor(whole / 86_400), 'd'],
    [Math.floor(whole / 3600) % 24, 'h'],
    [Math.floor(whole / 60) % 60, 'min'],
    [whole % 60, 's'],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  if (first === -1) return '0 s';
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ');
}

export const milliseconds = (time) => (time === null ? '' : time < 10 ? `${time} ms` : `${Math.round(time)} ms`);

export const bytes = (size) => (size < 10_000 ? `${size} B` : `${Math.round(size / 1000)} kB`);

/** Where a request went: path and query, in front of them the vendor's host if it was meant for one. */
export const urlOf = ({ host, target }) => (host === null ? target : `https://${host}${target}`);

/** Class of a status, for colours: 0 is no answer, null not yet. */
export const kindOf = (status) => (status === null ? 'open' : status === 0 ? 's0' : `s${String(status)[0]}`);

export const statusText = (status) => (status === null ? '···' : status === 0 ? 'none' : String(status));

/** JSON in lines where it is JSON, and else the text as it is. */
export function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

export const count = (number, noun) => `${number} ${noun}${number === 1 ? '' : 's'}`;
