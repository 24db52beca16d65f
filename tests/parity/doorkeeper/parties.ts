/** The two that are asked: Doorkeeper and the fake, with the same cast, the fake's version switch at the gem's. */
import { type SettingsPatch, startMock } from '../../../mock-server/index.ts';
import type { Changes, Party } from '../scenario.ts';
import { CLIENTS } from './cast.ts';
import type { DoorkeeperServer } from './server.ts';

/** Every scenario begins without tokens; the one condition there is, `accessTokenLife`, is in seconds. */
export function doorkeeperParty({ origin, stop }: DoorkeeperServer): Party {
  return {
    name: 'Doorkeeper',
    origin,
    stop,
    changes,
    async prepare({ accessTokenLife = 7200 }) {
      const answer = await fetch(`${origin}/__reset?accessTokenLife=${accessTokenLife}`, { method: 'POST' });
      if (!answer.ok) throw new Error(`Doorkeeper's reset is ${answer.status}`);
    },
  };
}

export const FAKE_SETTINGS = {
  // Reasons are the fake's own extra.
  server: { reasonHeader: false },
  // Doorkeeper's own answers to 401 and 403 have no body: the envelope is SIPSIM's, and not measured here.
  sipsim: { doorkeeperVersion: '5.5', errorBody: 'empty' },
} satisfies SettingsPatch;

/** SIPSIM's integrations cannot be changed by its API, so no story has them change. */
const none = () => Promise.reject(new Error('no story here changes a client'));
const changes: Changes = { removeClient: none, replaceRedirectUris: none };

export async function fakeParty(): Promise<Party> {
  const mock = await startMock({
    seed: { extends: 'none', sipsim: { integrations: Object.values(CLIENTS) } },
    settings: FAKE_SETTINGS,
    shortForm: false,
  });
  return {
    name: 'the fake',
    origin: mock.url,
    stop: mock.close,
    changes,
    async prepare(conditions) {
      await mock.reset();
      mock.configure({ sipsim: conditions });
    },
  };
}
