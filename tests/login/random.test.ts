/** 2,000 random combinations of parameters: no 5xx, JSON where JSON is due, and no redirect to where it may not go. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Mock, startMock } from '../../mock-server/index.ts';
import { askAndJudge } from './answer-judge.ts';
import { demoUser } from './flow.ts';
import { createRequestGenerator, type RandomRequest } from './request-generator.ts';
import { ENDPOINTS } from './request-values.ts';
import { findTreasure, registeredHosts } from './treasure.ts';

let mock: Mock;
beforeAll(async () => {
  // A bug in the fake is told there too; here it is judged by its 500.
  vi.spyOn(console, 'error').mockImplementation(() => {});
  mock = await startMock();
});
afterAll(() => mock.close());

const ROUNDS = 2_000;
const BATCH = 40;

/** Requests of one batch, made of what is good at its beginning: they end sessions and spend codes. */
async function nextBatch(round: number): Promise<RandomRequest[]> {
  if (round % 200 === 0) await mock.reset();
  mock.configure({ sipgate: { autoLogin: '' } });
  const next = createRequestGenerator(round, await findTreasure(mock));
  if (round % 400 >= 200) mock.configure({ sipgate: { autoLogin: demoUser(mock).username } });
  return Array.from({ length: BATCH }, next);
}

/** What a run must have met to have proven anything. */
const MUST_MEET: Record<(typeof ENDPOINTS)[number], string[]> = {
  auth: ['200 text/html', '302 code', '302 elsewhere', '302 invalid_request', '302 invalid_scope', '400 text/html'],
  token: ['200 JSON', '400 invalid_grant', '400 invalid_request', '401 unauthorized_client', '403 Invalid origin'],
  revoke: ['200', '200 invalid_token', '400 unsupported_token_type', '401 invalid_client'],
  'token/introspect': ['200 JSON', '400 invalid_request', '401 invalid_client', '403 invalid_request'],
  userinfo: ['200 JSON', '400 text/plain', '401 text/plain', '403 text/plain'],
  logout: ['200 text/html', '204', '302 elsewhere', '400 text/html', '400 Invalid parameter: id_token_hint'],
};

test(`${ROUNDS} random combinations of parameters`, async () => {
  const met = new Map(ENDPOINTS.map((name) => [name, new Set<string>()]));
  const complaints: string[] = [];
  for (let round = 0; round < ROUNDS; round += BATCH) {
    const requests = await nextBatch(round);
    const judged = await Promise.all(
      requests.map(async (request) => ({ request, ...(await askAndJudge(mock.url, request, registeredHosts)) })),
    );
    for (const { request, kind, complaints: found } of judged) {
      met.get(request.endpoint)?.add(kind);
      const { method, path, body = '', headers } = request;
      const asked = `${method} ${path} ${body} ${JSON.stringify(headers)}`;
      complaints.push(...found.map((complaint) => `${complaint}\n  ${asked}`));
    }
  }
  expect(complaints).toEqual([]);
  const missed = ENDPOINTS.flatMap((name) => MUST_MEET[name].filter((kind) => !met.get(name)?.has(kind)));
  expect(missed, JSON.stringify([...met].map(([name, kinds]) => [name, [...kinds]]))).toEqual([]);
}, 120_000);
