/** SIPSIM API v2: phones. */
import { checksOf } from '../check.ts';
import { expectEqual, expectStatus, expectThat } from '../expect.ts';
import type { Session } from '../session.ts';
import { ask, idsOf, itemsOf, PAGES } from './resource.ts';

const allPhones = (session: Session) => session.once('all phones', () => ask(session, 'getPhones'));

const STATUSES = ['not_activated', 'active', 'inactive'];

/** Checks of the list and its filter. */
export const sipsimPhoneChecks = checksOf(
  {
    provider: 'sipsim',
    operation: 'sipsim.getPhones',
    evidence: 'documented',
    risk: 'read',
    needs: ['sipsim.client'],
  },
  [
    {
      id: 'sipsim.PHN-01',
      title: 'status leaves phones of that status alone, and the three statuses together are all phones',
      level: 'PARITY',
      clause: PAGES,
      run: async (session) => {
        const all = await allPhones(session);
        expectStatus(all, 200);
        const found: unknown[] = [];
        for (const status of STATUSES) {
          const reply = await ask(session, 'getPhones', { query: { status } });
          expectStatus(reply, 200);
          const others = itemsOf(reply).filter((phone) => phone.status !== status);
          expectThat(others.length === 0, reply, `expected phones that are ${status} alone`);
          found.push(...idsOf(reply));
        }
        expectEqual(all, 'the phones of all statuses', idsOf(all).sort(), found.sort());
      },
    },
    {
      id: 'sipsim.PHN-03',
      title: 'Numbers are E.164 and internal numbers have three digits, each another',
      level: 'PARITY',
      clause: PAGES,
      run: async (session) => {
        const reply = await allPhones(session);
        expectStatus(reply, 200);
        const phones = itemsOf(reply);
        for (const { number, internal_number: internal } of phones) {
          expectThat(/^\+[1-9]\d{1,14}$/.test(String(number)), reply, `expected E.164, got "${number}"`);
          expectThat(Number(internal) >= 100 && Number(internal) <= 999, reply, `expected 100 to 999, got ${internal}`);
        }
        const internals = new Set(phones.map(({ internal_number: internal }) => internal));
        expectThat(internals.size === phones.length, reply, 'expected each internal number once');
      },
    },
  ],
);
