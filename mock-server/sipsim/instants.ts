/** Points in time as clients write them: ISO 8601 calendar dates, with or without a time of day. */

const ISO = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:?\d\d)?)?$/i;

/** Milliseconds since the epoch. Without an offset it is UTC, a date alone is its first second. A sentence if it is none. */
export function parseInstant(text: string): number | string {
  const found = ISO.exec(text);
  if (!found) {
    const plusLost = / \d\d:?\d\d$/.test(text) && ISO.test(text.replace(/ (?=\d\d:?\d\d$)/, '+'));
    return plusLost ? 'has a space where its + was; send it as %2B' : 'is not an ISO 8601 date and time';
  }
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map((part) => Number(part ?? 0)) as SixNumbers;
  // The Date constructor rolls the 31st of February over into March, and what is no month into another year.
  const local = new Date(Date.UTC(year, month - 1, day));
  if (local.getUTCMonth() !== month - 1) return 'is a date that does not exist';
  const offset = offsetMinutes(found[8]);
  if (hour > 23 || minute > 59 || second > 59 || offset === undefined) return 'is a time that does not exist';
  const fraction = Math.floor(Number(`0.${found[7] ?? 0}`) * 1000);
  return local.getTime() + ((hour * 60 + minute - offset) * 60 + second) * 1000 + fraction;
}

type SixNumbers = [number, number, number, number, number, number];

function offsetMinutes(zone: string | undefined): number | undefined {
  if (zone === undefined || zone.toUpperCase() === 'Z') return 0;
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(-2))];
  if (hours > 14 || minutes > 59) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}
