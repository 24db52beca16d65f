/** Answers that belong to no operation are as `x-surfaces` of openapi.yaml declares them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type Mock, startMock } from '../mock-server/index.ts';

const document = parse(readFileSync(join(import.meta.dirname, '../openapi.yaml'), 'utf8'));
const ajv = new Ajv2020({ strict: false });
(addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
ajv.addSchema({ $id: 'openapi', components: document.components });

let mock: Mock;
beforeAll(async () => {
  mock = await startMock();
});
afterAll(() => mock.close());

interface Declared {
  headers?: Record<string, { $ref: string }>;
  content?: Record<string, { schema: object }>;
}
const responseAt = ({ $ref }: { $ref: string }): Declared =>
  document.components.responses[$ref.split('/').at(-1) ?? ''];

async function expectDeclared(answer: Response, declared: Declared): Promise<void> {
  const text = await answer.text();
  for (const name of Object.keys(declared.headers ?? {})) expect(answer.headers.get(name), name).not.toBeNull();
  if (text === '') return;
  const media = declared.content?.[answer.headers.get('content-type')?.split(';')[0] ?? ''];
  expect(media).toBeDefined();
  const schema = JSON.parse(JSON.stringify(media?.schema).replaceAll('"#/', '"openapi#/'));
  expect(ajv.validate(schema, JSON.parse(text)), ajv.errorsText()).toBe(true);
}

/** A path of each surface that lacks PATCH. */
const KNOWN: Record<string, string> = {
  '/v2': '/v2/account',
  '/auth': '/auth/realms/third-party/protocol/openid-connect/token',
  '/login': '/login/third-party/protocol/openid-connect/token',
  '/oauth': '/oauth/token',
  '/api/v2': '/api/v2/account',
  '/': '/account',
};

describe.each(
  document['x-surfaces'] as {
    prefix: string;
    unknownPath: { $ref: string };
    wrongMethod: { status: number; response: { $ref: string } };
  }[],
)('$prefix', ({ prefix, unknownPath, wrongMethod }) => {
  test('an unknown path', async () => {
    const path =
      prefix === '/auth'
        ? '/auth/realms/third-party/nothing'
        : prefix === '/login'
          ? '/login/third-party/nothing'
          : `${prefix}/nothing`;
    const answer = await fetch(`${mock.url}${path}`);
    expect(answer.status).toBe(404);
    await expectDeclared(answer, responseAt(unknownPath));
  });
  test('a wrong method', async () => {
    const answer = await fetch(`${mock.url}${KNOWN[prefix]}`, { method: 'PATCH' });
    expect(answer.status).toBe(wrongMethod.status);
    await expectDeclared(answer, responseAt(wrongMethod.response));
  });
});
