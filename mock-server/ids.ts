/** Identity and secrets: every random value of the fake comes from here, so that a seed makes a run repeatable. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';

export interface Ids {
  bytes(count: number): Buffer;
  /** Version 4 (RFC 9562 §5.4). */
  uuid(): string;
  /** Hexadecimal digits. */
  hex(digits: number): string;
  /** Begins the sequence again; without a seed there is none. */
  restart(): void;
  /** Where the sequence is; undefined without one. */
  position(): number | undefined;
  /** Goes on from a position of a sequence of the same seed. */
  resume(position: number): void;
}

/** @param seed same seed, same sequence; without one the values come from the operating system. */
export function createIds(seed?: number | string): Ids {
  let counter = 0;
  const seeded = (count: number) => {
    const blocks: Buffer[] = [];
    for (let length = 0; length < count; length += 32) {
      blocks.push(createHash('sha256').update(`${seed}/${counter++}`).digest());
    }
    return Buffer.concat(blocks).subarray(0, count);
  };
  const { take, hex } = seed === undefined ? createPool() : { take: seeded, hex: hexBy(seeded) };
  // A copy: who keeps a few bytes does not keep the pool, and who changes them changes nobody else's.
  const bytes = (count: number) => Buffer.from(take(count));
  return {
    bytes,
    uuid: seed === undefined ? () => randomUUID() : () => formatUuid(bytes(16)),
    hex: (digits) => hex(Math.ceil(digits / 2)).slice(0, digits),
    restart: () => {
      counter = 0;
    },
    position: () => (seed === undefined ? undefined : counter),
    resume: (position) => {
      counter = position;
    },
  };
}

const hexBy = (take: (count: number) => Buffer) => (count: number) => take(count).toString('hex');

const POOL = 4_096;

/** Asking the operating system for many bytes costs hardly more than for a few. None is given out twice. */
function createPool() {
  let [pool, used] = [Buffer.alloc(0), 0];
  /** @returns where they begin. */
  const draw = (count: number): number => {
    if (used + count > pool.length) [pool, used] = [randomBytes(POOL), 0];
    used += count;
    return used - count;
  };
  const take = (count: number): Buffer => {
    if (count > POOL / 8) return randomBytes(count);
    const at = draw(count);
    return pool.subarray(at, at + count);
  };
  const hex = (count: number): string => {
    if (count > POOL / 8) return hexBy(take)(count);
    const at = draw(count);
    // Without a buffer between; and a text of its own, as a part of a longer one would keep all of that.
    return pool.toString('hex', at, at + count);
  };
  return { take, hex };
}

function formatUuid(bytes: Buffer): string {
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
