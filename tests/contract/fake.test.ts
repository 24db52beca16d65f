/** The contract suite against the fake: inside this process, and over a socket. */
import { afterAll, beforeAll } from 'vitest';
import { defineContractSuite } from '../../contracts/index.ts';
import { type Mock, startMock } from '../../mock-server/index.ts';
import { targetOf } from '../support/mock-target.ts';

let mock: Mock;
beforeAll(async () => {
  mock = await startMock();
});
afterAll(() => mock.close());

await defineContractSuite(() => ({ ...targetOf(mock), app: mock.app }), { name: 'the fake, in this process' });
await defineContractSuite(() => targetOf(mock), { name: 'the fake, over a socket' });
