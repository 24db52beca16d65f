/** An answer that is given again is the one of the host that was asked. */
import { expect, test } from 'vitest';
import { startMock } from '../../mock-server/index.ts';
import { askAbsolute } from './say.ts';

const DISCOVERY = '/auth/realms/third-party/.well-known/openid-configuration';

test('the same question by way of a vendor’s host and without it has two answers, however often it is asked', async () => {
  await using mock = await startMock();
  const authority = new URL(mock.url).host;
  const hosts = ['https://login.sipgate.com', mock.url];
  for (let round = 0; round < 4; round += 1) {
    for (const host of hosts) {
      const { body } = await askAbsolute(mock, host === mock.url ? DISCOVERY : `${host}${DISCOVERY}`, {
        host: authority,
      });
      expect(JSON.parse(body).issuer).toBe(`${host}/auth/realms/third-party`);
    }
  }
});
