/** The app itself: openapi.yaml judges the fake's own answers, and a bug is never a silent 200. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { createApp } from '../mock-server/app.ts';
import { createClock, createDate } from '../mock-server/clock.ts';
import type { ApiDocument } from '../mock-server/document.ts';
import { notFound } from '../mock-server/errors.ts';
import type { Answer, Provider } from '../mock-server/provider.ts';
import { defaultSettings } from '../mock-server/settings.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
  vi.restoreAllMocks();
});

const document = {
  openapi: '3.1.0',
  info: { title: 'Things', version: '1' },
  paths: {
    '/thing': {
      get: {
        operationId: 'things.get',
        tags: ['things'],
        security: [],
        responses: {
          200: {
            description: 'a thing',
            content: {
              'application/json': {
                schema: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } },
              },
            },
          },
          204: { description: 'no thing' },
          404: {
            description: 'not there',
            content: { 'application/json': { schema: { type: 'object', required: ['error'] } } },
          },
        },
      },
    },
  },
  components: { responses: {}, securitySchemes: {} },
  'x-surfaces': [],
} as unknown as ApiDocument;

const things = (answer: () => Answer): Provider => ({
  name: 'things',
  schemes: {},
  operations: { 'things.get': answer },
  surfaces: [
    { prefix: '', headers: () => ({}), write: (error) => ({ status: error.status, body: { wrong: error.code } }) },
  ],
  seed: async () => {},
});

async function serve(providers: Provider[], described = document): Promise<string> {
  const settings = defaultSettings().server;
  const app = createApp(described);
  const origin = () => 'http://127.0.0.1';
  const clock = createClock();
  const server = createServer(app.serve({ providers, clock, date: createDate(clock), settings, origin }).answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/thing`;
}

async function answerTo(answer: () => Answer, described = document) {
  const complaint = vi.spyOn(console, 'error').mockImplementation(() => {});
  const reply = await fetch(await serve([things(answer)], described));
  const text = await reply.text();
  return {
    status: reply.status,
    body: text === '' ? undefined : JSON.parse(text),
    complained: complaint.mock.calls.length,
  };
}

test('a good answer goes out as it is', async () => {
  expect(await answerTo(() => ({ status: 200, body: { name: 'a' } }))).toMatchObject({
    status: 200,
    body: { name: 'a' },
    complained: 0,
  });
  expect(await answerTo(() => ({ status: 204 }))).toMatchObject({ status: 204, complained: 0 });
});

test.each<[string, () => Answer]>([
  ['a body that the document does not describe', () => ({ status: 200, body: { name: 1 } })],
  ['a status that it does not declare', () => ({ status: 201, body: {} })],
  ['an empty answer of a status that it does not declare', () => ({ status: 202 })],
  ['no body where one is declared', () => ({ status: 200 })],
  ['a body where none is declared', () => ({ status: 204, body: {} })],
  [
    'an error in a form that it does not declare',
    () => {
      throw notFound('gone');
    },
  ],
  [
    'an exception',
    () => {
      throw new Error('oops');
    },
  ],
])('%s is a 500 that says it is a bug', async (_what, answer) => {
  expect(await answerTo(answer)).toMatchObject({ status: 500, body: { error: 'sidetone_bug' }, complained: 1 });
});

test('a document that cannot be loaded is a bug, and whoever asks is told', async () => {
  const broken = JSON.parse(JSON.stringify(document).replace('"type":"object"', '"$ref":"#/components/schemas/Gone"'));
  const answer = await answerTo(() => ({ status: 200, body: { name: 'a' } }), broken);
  expect(answer).toMatchObject({ status: 500, body: { error: 'sidetone_bug' }, complained: 1 });
  expect(answer.body.error_description).toContain('Gone');
});

test('those who ask while it is loaded are all answered', async () => {
  const url = await serve([things(() => ({ status: 200, body: { name: 'a' } }))]);
  const answers = await Promise.all(Array.from({ length: 20 }, async () => (await fetch(url)).status));
  expect(answers).toEqual(Array.from({ length: 20 }, () => 200));
});

test('an operation without a handler, or a handler without an operation, is found at the start', async () => {
  const handlers = (operations: Provider['operations']) => serve([{ ...things(() => ({ status: 204 })), operations }]);
  await expect(handlers({})).rejects.toThrow('no handler for: things.get');
  const two = { 'things.get': () => ({ status: 204 }), 'things.put': () => ({ status: 204 }) };
  await expect(handlers(two)).rejects.toThrow('not in openapi.yaml: things.put');
});

test('so is a security scheme that nobody authenticates', async () => {
  const guarded = JSON.parse(JSON.stringify(document).replace('"security":[]', '"security":[{"key":[]}]'));
  const serving = serve([things(() => ({ status: 204 }))], guarded);
  await expect(serving).rejects.toThrow('no provider authenticates the security scheme "key"');
});
