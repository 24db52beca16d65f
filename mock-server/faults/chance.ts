/** Chance and durations by chance, from one source of random numbers. */
import { parseDuration } from '../clock.ts';
import type { Delay } from './fault.ts';

/** From 0 up to and without 1. */
export type Random = () => number;

/** Milliseconds. */
export function drawDelay(delay: Delay, random: Random): number {
  if (typeof delay !== 'object') return parseDuration(delay);
  if ('min' in delay) return between(parseDuration(delay.min), parseDuration(delay.max), random());
  if ('mean' in delay) return Math.max(0, parseDuration(delay.mean) + parseDuration(delay.deviation) * normal(random));
  const median = parseDuration(delay.median);
  return median * (parseDuration(delay.p99) / median) ** (normal(random) / NORMAL_P99);
}

const between = (min: number, max: number, part: number) => min + (max - min) * part;

/** Of a standard normal variable, 99 of 100 are below. */
const NORMAL_P99 = 2.326_347_87;

/** Box and Muller 1958. */
const normal = (random: Random) => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
