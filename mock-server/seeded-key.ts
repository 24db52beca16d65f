/** An RSA key from a seed, the same one each time: Node makes keys by its own chance alone. */
import { checkPrime, createPrivateKey, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

const PUBLIC_EXPONENT = 65_537n;
const PRIME_BYTES = 128;
/** Divisors that are tried before the slow question. */
const SMALL_PRIMES = primesUpTo(2_000);

const isPrime = promisify(checkPrime);

/** 2,048 bits. @param bytes the next ones of a sequence. */
export async function seededPrivateKey(bytes: (count: number) => Buffer): Promise<KeyObject> {
  const [one, other] = [await nextPrime(bytes), await nextPrime(bytes)];
  const [p, q] = one > other ? [one, other] : [other, one];
  const d = inverse(PUBLIC_EXPONENT, (p - 1n) * (q - 1n));
  const numbers = { n: p * q, e: PUBLIC_EXPONENT, d, p, q, dp: d % (p - 1n), dq: d % (q - 1n), qi: inverse(q, p) };
  // RFC 7518 §6.3.
  const members = Object.entries(numbers).map(([name, value]) => [name, base64url(value)]);
  return createPrivateKey({ format: 'jwk', key: { kty: 'RSA', ...Object.fromEntries(members) } });
}

async function nextPrime(bytes: (count: number) => Buffer): Promise<bigint> {
  const start = bytes(PRIME_BYTES);
  // Odd, and so large that the product of two has all its bits.
  start[0] = (start[0] ?? 0) | 0xc0;
  start[PRIME_BYTES - 1] = (start[PRIME_BYTES - 1] ?? 0) | 1;
  for (let candidate = BigInt(`0x${start.toString('hex')}`); ; candidate += 2n) {
    if (SMALL_PRIMES.some((prime) => candidate % prime === 0n)) continue;
    if ((candidate - 1n) % PUBLIC_EXPONENT !== 0n && (await isPrime(candidate))) return candidate;
  }
}

function primesUpTo(end: number): bigint[] {
  const primes: number[] = [];
  for (let number = 3; number < end; number += 2) {
    if (primes.every((prime) => number % prime !== 0)) primes.push(number);
  }
  return primes.map(BigInt);
}

/** Of `value` modulo `modulus`, by Euclid's extended algorithm. */
function inverse(value: bigint, modulus: bigint): bigint {
  let [[rest, factor], [lower, under]] = [
    [modulus, 0n],
    [value, 1n],
  ];
  while (lower > 0n) {
    const quotient = rest / lower;
    [[rest, factor], [lower, under]] = [
      [lower, under],
      [rest - quotient * lower, factor - quotient * under],
    ];
  }
  return ((factor % modulus) + modulus) % modulus;
}

function base64url(value: bigint): string {
  const digits = value.toString(16);
  return Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex').toString('base64url');
}
