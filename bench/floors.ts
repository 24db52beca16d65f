/** What the gate demands: shares of a bare server's speed, measured in the same run. */

/** By case: CPU per request of node:http through that of the fake; for `start`, the time to the first answer likewise. */
export type Shares = Record<string, number>;

/** Below what was measured on a busy machine by a third at least, often by half. Lift them when the fake gets faster. */
export const FLOORS: Shares = {
  start: 0.45,
  pat: 0.65,
  'sipgate-jwt': 0.65,
  'sipsim-jwt': 0.65,
  'fresh-jwt': 0.25,
  'token-hs256': 0.08,
  clients: 0.12,
  '401': 0.6,
  '404': 0.6,
};

/** One sentence for each share that is missing or below its floor. */
export function complaintsOf(shares: Shares, floors: Shares): string[] {
  return Object.entries(floors).flatMap(([id, floor]) => {
    const share = shares[id];
    if (share === undefined || Number.isNaN(share)) return [`${id}: not measured`];
    return share < floor ? [`${id}: ${share.toFixed(3)} of node:http, at least ${floor} is wanted`] : [];
  });
}
