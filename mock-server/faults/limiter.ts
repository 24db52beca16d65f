/** A real limiter: so many requests in each window of the mock's time. */

export interface Allowance {
  allowed: boolean;
  limit: number;
  remaining: number;
  /** Seconds until the next window, rounded up. */
  reset: number;
  /** Seconds of a window. */
  window: number;
}

export interface Limiter {
  take(who: string): Allowance;
}

/** @param window in milliseconds. */
export function createLimiter(limit: number, window: number, now: () => number): Limiter {
  let current = Number.NaN;
  const counts = new Map<string, number>();
  return {
    take: (who) => {
      const index = Math.floor(now() / window);
      // Of windows gone by nothing is kept.
      if (index !== current) counts.clear();
      current = index;
      const count = (counts.get(who) ?? 0) + 1;
      counts.set(who, count);
      return {
        allowed: count <= limit,
        limit,
        remaining: Math.max(0, limit - count),
        reset: Math.max(1, Math.ceil(((index + 1) * window - now()) / 1000)),
        window: Math.max(1, Math.round(window / 1000)),
      };
    },
  };
}

/** The fields of draft-ietf-httpapi-ratelimit-headers, and Retry-After (RFC 9110 §10.2.3) where nothing is left. */
export const limitHeaders = ({ allowed, limit, remaining, reset, window }: Allowance): Record<string, string> => ({
  'ratelimit-policy': `"default";q=${limit};w=${window}`,
  ratelimit: `"default";r=${remaining};t=${reset}`,
  ...(!allowed && { 'retry-after': String(reset) }),
});
