/** The two that are asked: Doorkeeper and the fake, with the same cast, the fake's version switch at the gem's. */
import { startMock } from '../../../mock-server/index.ts';
import type { Party } from '../scenario.ts';
import { CLIENTS } from './cast.ts';
import type { DoorkeeperServer } from './server.ts';

/** Every scenario begins without tokens; the one condition there is, `accessTokenLife`, is in seconds. */
export function doorkeeperParty({ origin, stop }: DoorkeeperServer): Party {
  return {
    name: 'Doorkeeper',
    origin,
    stop,
    async prepare({ accessTokenLife = 7200 }) {
      const answer = await fetch(`${origin}/__reset?accessTokenLife=${accessTokenLife}`, { method: 'POST' });
      if (!answer.ok) throw new Error(`Doorkeeper's reset is ${answer.status}`);
    },
  };
}

export async function fakeParty(): Promise<Party> {
  const mock = await startMock({
    seed: { extends: 'none', sipsim: { integrations: Object.values(CLIENTS) } },
    settings: {
      // Reasons are the fake's own extra.
      server: { reasonHeader: false },
      // Doorkeeper's own answers to 401 and 403 have no body: the envelope is SIPSIM's, and not measured here.
      sipsim: { doorkeeperVersion: '5.5', errorBody: 'empty' },
    },
    shortForm: false,
  });
  return {
    name: 'the fake',
    origin: mock.url,
    stop: mock.close,
    async prepare(conditions) {
      await mock.reset();
      mock.configure({ sipsim: conditions });
    },
  };
}
