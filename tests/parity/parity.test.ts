/** The differential run itself, between two small servers. */
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { Deviation } from './deviations.ts';
import { failuresOf, runParity } from './parity.ts';
import { formatResult, summaryOf } from './report.ts';
import type { Party, Scenario } from './scenario.ts';

const parties: Party[] = [];
afterEach(async () => {
  await Promise.all(parties.splice(0).map((party) => party.stop()));
});

async function party(name: string, listener: RequestListener): Promise<Party> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const made: Party = {
    name,
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    prepare: async () => {},
    changes: { removeClient: async () => {}, replaceRedirectUris: async () => {} },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
  parties.push(made);
  return made;
}

const answering =
  (body: object, status = 200): RequestListener =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
const asking: Scenario = { id: 'one', play: async ({ ask }) => void (await ask('asked', { path: '/' })) };
const vocabulary = { read: (_name: string, value: unknown) => value, text: (_name: string, text: string) => text };
const deviation: Deviation = { id: 'x', where: 'body.x', what: 'x differs', why: 'it may' };
const subjects = {
  real: { name: 'R', version: '1' },
  fake: { version: '2', commit: 'c', settings: {} },
  date: '2026-01-01',
};

const run = async (real: RequestListener, fake: RequestListener, deviations: Deviation[], scenarios = [asking]) =>
  runParity({ real: await party('R', real), fake: await party('F', fake) }, scenarios, { vocabulary, deviations });

test('servers that answer alike have parity', async () => {
  const result = await run(answering({ x: 1 }), answering({ x: 1 }), []);
  expect(result).toMatchObject({ scenarios: 1, pairs: 1, same: 1, findings: [], broken: [], stale: [] });
  expect(failuresOf(result)).toBe(0);
  expect(formatResult(result, subjects)).toMatch(/^1 scenarios, 1 request pairs with R 1: 1 the same .*\nparity$/);
});

test('a difference without a reason fails, and both values are shown', async () => {
  const result = await run(answering({ x: 1 }), answering({ x: 2 }, 201), [deviation]);
  expect(result.findings).toEqual([
    { at: 'one / asked', where: 'status', real: 200, fake: 201 },
    { at: 'one / asked', where: 'body.x', real: 1, fake: 2, deviation: 'x' },
  ]);
  expect(failuresOf(result)).toBe(1);
  expect(formatResult(result, subjects)).toContain('one / asked\n    status\n      real 200\n      fake 201');
});

test('a reason that no difference needs any more fails', async () => {
  const result = await run(answering({ x: 1 }), answering({ x: 1 }), [deviation]);
  expect(result.stale).toEqual(['x']);
  expect(failuresOf(result)).toBe(1);
  expect(formatResult(result, subjects)).toContain('stale deviation, which no difference matches any more: x');
});

test('a story that cannot be told to the end fails, and the others are told', async () => {
  const failing: Scenario = {
    id: 'two',
    play: async ({ quietly }) => void JSON.parse((await quietly({ path: '/' })).body).y.z,
  };
  const result = await run(answering({ x: 1 }), answering({ x: 1 }), [], [failing, asking]);
  expect(result.broken).toHaveLength(1);
  expect(result.broken[0]).toMatch(/^two, after "its start", at R: TypeError/);
  expect(result.pairs).toBe(1);
  expect(failuresOf(result)).toBe(1);
});

test('a story that goes two ways fails', async () => {
  const branching: Scenario = {
    id: 'three',
    play: async ({ ask }) => {
      if ((await ask('first', { path: '/' })).status === 200) await ask('second', { path: '/' });
    },
  };
  const result = await run(answering({}), answering({}, 201), [], [branching]);
  expect(result.broken[0]).toContain('three went two ways: first, second with one, first with the other');
});

test('the same step twice would hide an answer, so it is refused', async () => {
  const twice: Scenario = {
    id: 'four',
    play: async ({ ask }) => {
      await ask('a', { path: '/' });
      await ask('a', { path: '/' });
    },
  };
  expect((await run(answering({}), answering({}), [], [twice])).broken[0]).toContain('the step "a" stands twice');
});

test('the summary counts how often each reason was needed', async () => {
  const result = await run(answering({ x: 1 }), answering({ x: 2 }), [deviation]);
  expect(summaryOf(result, [deviation], subjects)).toEqual({
    ...subjects,
    scenarios: 1,
    pairs: 1,
    same: 0,
    unexplained: 0,
    deviations: [{ id: 'x', what: 'x differs', why: 'it may', differences: 1, pairs: 1 }],
  });
});
