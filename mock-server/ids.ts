/** Identity and secrets: every random value of the fake comes from here, so that a seed makes a run repeatable. */
import { createCipheriv, hash, randomBytes, randomUUID } from 'node:crypto';

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

const POOL = 4_096;
/** As many at once are not worth the pool. */
const MANY = POOL / 8;

/** @param seed same seed, same sequence; without one the values come from the operating system. */
export function createIds(seed?: number | string): Ids {
  const source = seed === undefined ? (count: number) => randomBytes(count) : keystream(`${seed}`);
  // Asking for many bytes costs hardly more than for a few. None is given out twice.
  let [pool, used]: [Buffer, number] = [Buffer.alloc(0), 0];
  /** Bytes of the sequence that were given out. */
  let given = 0;
  /** @returns where they begin in the pool. */
  const draw = (count: number): number => {
    if (used + count > pool.length) [pool, used] = [source(POOL, given), 0];
    used += count;
    given += count;
    return used - count;
  };
  const goTo = (position: number) => {
    used = pool.length;
    given = position;
  };
  // A copy: who keeps a few bytes does not keep the pool, and who changes them changes nobody else's.
  const bytes = (count: number): Buffer => {
    if (count > MANY) {
      const many = source(count, given);
      goTo(given + count);
      return many;
    }
    const at = draw(count);
    return Buffer.from(pool.subarray(at, at + count));
  };
  const hex = (count: number): string => {
    if (count > MANY) return bytes(count).toString('hex');
    const at = draw(count);
    // Without a buffer between; and a text of its own, as a part of a longer one would keep all of that.
    return pool.toString('hex', at, at + count);
  };
  return {
    bytes,
    uuid: seed === undefined ? () => randomUUID() : () => formatUuid(bytes(16)),
    hex: (digits) => hex(Math.ceil(digits / 2)).slice(0, digits),
    restart: () => goTo(0),
    position: () => (seed === undefined ? undefined : given),
    resume: goTo,
  };
}

const BLOCK = 16;

/** Of AES-256 in counter mode (NIST SP 800-38A §6.5): any part of it can be made without what is before. */
function keystream(seed: string): (count: number, position: number) => Buffer {
  const key = hash('sha256', seed, 'buffer');
  return (count, position) => {
    const counter = Buffer.alloc(BLOCK);
    counter.writeBigUInt64BE(BigInt(Math.floor(position / BLOCK)), BLOCK - 8);
    const within = position % BLOCK;
    const zeros = Buffer.alloc(within + count);
    return createCipheriv('aes-256-ctr', key, counter).update(zeros).subarray(within);
  };
}

function formatUuid(bytes: Buffer): string {
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
