/** The control API's own document: every route is in it, and every answer is as it says. */
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Mock, startMock } from '../mock-server/index.ts';
import { askAbsolute } from './intercept/say.ts';
import { demoPat } from './support/ask.ts';
import { watch } from './support/watch.ts';

interface Operation {
  operationId: string;
  parameters?: { name: string; in: string }[];
  requestBody?: { content: Record<string, { schema: object }> };
  responses: Record<string, { content?: Record<string, { schema: object }> }>;
}
interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: object;
}

let mock: Mock;
let document: Document;
let ajv: Ajv2020;
beforeAll(async () => {
  mock = await startMock({ randomSeed: 1, intercept: true });
  document = (await (await fetch(`${mock.adminUrl}/openapi.json`)).json()) as Document;
  ajv = new Ajv2020({ strict: false, allErrors: true });
  (addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
  ajv.addSchema({ $id: 'admin', components: document.components });
});
beforeEach(() => mock.reset());
afterAll(() => mock.close());

const schemaOf = (schema: object) => JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"admin#/')) as object;
function expectValid(schema: object | undefined, value: unknown): void {
  expect(schema).toBeDefined();
  expect(ajv.validate(schemaOf(schema ?? {}), value), ajv.errorsText()).toBe(true);
}

/** Asks, and judges request and answer by the document. */
async function ask(
  method: string,
  path: string,
  { body, template = path }: { body?: unknown; template?: string } = {},
) {
  const operation = document.paths[template.split('?')[0] ?? '']?.[method.toLowerCase()];
  if (!operation) throw new Error(`${method} ${template} is not in the document`);
  if (body !== undefined) expectValid(operation.requestBody?.content['application/json']?.schema, body);
  const answer = await fetch(`${mock.adminUrl}${path}`, {
    ...{ method, headers: { 'content-type': 'application/json' } },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const declared = operation.responses[String(answer.status)];
  expect(declared, `${operation.operationId} ${answer.status}`).toBeDefined();
  const text = await answer.text();
  if (declared?.content) expectValid(declared.content['application/json']?.schema, JSON.parse(text));
  else expect(text).toBe('');
  return {
    operationId: operation.operationId,
    status: answer.status,
    body: text === '' ? undefined : JSON.parse(text),
  };
}

test('is sound OpenAPI', async () => {
  const config = await createConfig({ extends: ['spec'] });
  const problems = await lintFromString({ source: JSON.stringify(document), config });
  expect(problems.map(({ message, location }) => `${location[0]?.pointer}: ${message}`)).toEqual([]);
});

test('every operation of it answers, and every answer is as declared', async () => {
  await fetch(`${mock.url}/v2/account`, { headers: { authorization: demoPat(mock) } });
  await fetch(`${mock.url}/oauth/token`, { method: 'POST', body: new URLSearchParams({ client_secret: 'x' }) });
  await askAbsolute(mock, 'https://api.sipgate.com/v2/account');
  mock.fail({ id: 'first', match: { path: '/v2/users' }, connection: 'reset' });
  await fetch(`${mock.url}/v2/users`).catch(() => {});
  await mock.namespace('one');
  const state = (await ask('GET', '/state')).body;
  const minted = await ask('POST', '/tokens', { body: { provider: 'sipgate', expiresIn: 60 } });
  const stream = await watch(mock.adminUrl);
  const events = document.paths['/events']?.get?.responses['200']?.content?.['text/event-stream'];
  expectValid(events?.schema, await stream.next());
  await stream.close();
  const done = [
    await ask('GET', '/openapi.json'),
    await ask('GET', '/ca'),
    await ask('GET', '/apis.json'),
    await ask('GET', '/counts'),
    await ask('GET', '/requests/1', { template: '/requests/{id}' }),
    await ask('GET', '/requests/2', { template: '/requests/{id}' }),
    await ask('GET', '/requests/99', { template: '/requests/{id}' }),
    await ask('POST', '/requests/1/replay', { template: '/requests/{id}/replay' }),
    await ask('GET', '/credentials'),
    await ask('POST', '/credentials/rotate', { body: { provider: 'sipsim', kind: 'client', id: 'sipsim-demo' } }),
    await ask('DELETE', '/tokens', { body: { request: 1 } }),
    await ask('GET', '/report'),
    await ask('PUT', '/report', { body: { reportVersion: 2, rows: [] } }),
    await ask('GET', '/report'),
    await ask('GET', '/webhooks'),
    await ask('POST', '/webhooks/sms', {
      template: '/webhooks/{event}',
      body: { url: 'http://127.0.0.1:9/', payload: { message: 'Hello' } },
    }),
    await ask('POST', '/calls', { body: { outcome: 'MISSED', ringSeconds: 5 } }),
    await ask('GET', '/clock'),
    await ask('PUT', '/clock', { body: { set: '2030-01-01T00:00:00Z', rate: 2, freeze: true, advance: 'PT1H' } }),
    await ask('PUT', '/clock', { body: { reset: true } }),
    await ask('GET', '/settings'),
    await ask('PATCH', '/settings', { body: { server: { journalBody: 100 } } }),
    minted,
    await ask('DELETE', '/tokens', { body: { token: minted.body.accessToken } }),
    await ask('DELETE', '/tokens', { body: { token: 'x' } }),
    await ask('GET', '/requests'),
    await ask('GET', '/requests?wait=1ms&count=9', { template: '/requests' }),
    await ask('GET', '/requests/count'),
    await ask('GET', '/requests/har'),
    await ask('GET', '/faults'),
    await ask('POST', '/faults', {
      body: { delay: { median: '1s', p99: 2_000 }, answer: { oauthError: 'x' }, times: 1 },
    }),
    await ask('POST', '/faults', { body: { limit: { requests: 1, window: '1m' }, match: { credential: 'basic' } } }),
    await ask('DELETE', '/faults/first', { template: '/faults/{id}' }),
    await ask('DELETE', '/faults'),
    await ask('GET', '/namespaces'),
    await ask('DELETE', '/namespaces/one', { template: '/namespaces/{name}' }),
    await ask('DELETE', '/namespaces/one', { template: '/namespaces/{name}' }),
    await ask('DELETE', '/namespaces'),
    await ask('DELETE', '/requests'),
    await ask('PUT', '/state', { body: state }),
    await ask('POST', '/reset'),
  ];
  expect(done.find(({ operationId }) => operationId === 'getRequests')?.body.requests).toHaveLength(5);
  const declared = Object.values(document.paths).flatMap((item) =>
    Object.values(item).map((operation) => operation.operationId),
  );
  const answered = new Set(['getState', 'getEvents', ...done.map(({ operationId }) => operationId)]);
  expect(declared.filter((id) => !answered.has(id))).toEqual([]);
});

test('every route is in it: what it does not name is 404, and 405 names its methods', async () => {
  for (const [path, item] of Object.entries(document.paths)) {
    const answer = await fetch(`${mock.adminUrl}${path.replace(/\{\w+\}/, 'x')}`, {
      method: 'OPTIONS',
    });
    expect([path, answer.status, answer.headers.get('allow')?.split(', ').sort()]).toEqual([
      path,
      405,
      Object.keys(item)
        .map((method) => method.toUpperCase())
        .sort(),
    ]);
  }
  expect((await fetch(`${mock.adminUrl}/nothing`)).status).toBe(404);
  expect((await fetch(`${mock.adminUrl}/Clock`)).status).toBe(404);
});

test('a mistake is 400 with a message, as declared', async () => {
  for (const path of ['/requests?x=y', '/requests/count?status=x', '/requests/har?wait=1s']) {
    expect((await ask('GET', path, { template: path.split('?')[0] ?? '' })).status).toBe(400);
  }
  for (const path of ['/clock', '/state']) {
    const answer = await fetch(`${mock.adminUrl}${path}`, { method: 'PUT', body: '[]' });
    expect(answer.status).toBe(400);
    expectValid({ $ref: '#/components/schemas/Error' }, await answer.json());
  }
});

test('a namespace steers itself by the same document', async () => {
  const one = await mock.namespace('one');
  await fetch(`${one.adminUrl}/clock`, {
    ...{ method: 'PUT', headers: { 'content-type': 'application/json' }, body: '{"advance":"1d"}' },
  });
  expect(one.clock.now() - mock.clock.now()).toBeGreaterThan(86_000_000);
  expect(await (await fetch(`${one.adminUrl}/openapi.json`)).json()).toEqual(document);
});
