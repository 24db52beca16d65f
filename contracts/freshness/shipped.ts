/** What comes with the package: `npm run freshness` writes it. */
import ledger from './freshness.json' with { type: 'json' };
import type { FreshnessLedger } from './ledger.ts';

export interface ShippedLedger extends FreshnessLedger {
  /** Requests of each check on the fake, those that it shares with others included. */
  requests: Record<string, number>;
}

export const shippedLedger = ledger as ShippedLedger;
