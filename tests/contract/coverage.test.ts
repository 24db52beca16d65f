/** Coverage is counted from what was sent and answered, and from nothing else. */
import { describe, expect, test } from 'vitest';
import { coverageOf, credentialKind } from '../../contracts/coverage.ts';
import { loadContractDocument } from '../../contracts/document.ts';
import type { TracedExchange } from '../../contracts/trace.ts';

const answer = (text: string) => `{ description: ${text}, x-evidence: { class: assumed, source: none } }`;
const document = loadContractDocument(`
components: {}
paths:
  /things:
    get:
      tags: [sipgate]
      operationId: sipgate.getThings
      security: []
      responses: { '200': ${answer('Things')}, '401': ${answer('Who')}, '503': ${answer('Down')} }
    post:
      tags: [sipgate]
      operationId: sipgate.createThing
      security: []
      responses: { '201': ${answer('Made')} }
`);

const exchange = (method: string, status: number, authorization?: string | string[]): TracedExchange => ({
  operation: method === 'POST' ? 'sipgate.createThing' : 'sipgate.getThings',
  startedAt: '2026-01-01T00:00:00Z',
  milliseconds: 1,
  request: { method, url: 'http://127.0.0.1/things', headers: authorization ? { Authorization: authorization } : {} },
  response: { status, headers: {}, body: '' },
});

const unreachable = [{ operation: 'sipgate.getThings', status: '503', reason: 'nobody can make it fall over' }];

describe('coverageOf', () => {
  test('has a cell for each status and credential that was seen, and one for each declared status that was not', () => {
    const exchanges = [
      exchange('GET', 200, 'Bearer <secret>'),
      exchange('GET', 200, 'Basic <secret>'),
      exchange('HEAD', 200, 'basic <secret>'),
      exchange('GET', 401),
    ];
    expect(coverageOf(document, exchanges, unreachable)).toEqual({
      cells: [
        { operation: 'sipgate.getThings', status: '200', credential: 'basic', count: 2 },
        { operation: 'sipgate.getThings', status: '200', credential: 'bearer', count: 1 },
        { operation: 'sipgate.getThings', status: '401', credential: 'none', count: 1 },
        { operation: 'sipgate.getThings', status: '503', count: 0, unreachable: 'nobody can make it fall over' },
        { operation: 'sipgate.createThing', status: '201', count: 0 },
      ],
      declared: 4,
      observed: 2,
      unreachable: 1,
    });
  });

  test('does not count a method that the path lacks, a request without an answer, nor one of no operation', () => {
    const wrong = exchange('PATCH', 401);
    const { response: _, ...unanswered } = exchange('GET', 200);
    const { operation: __, ...elsewhere } = exchange('GET', 200);
    expect(coverageOf(document, [wrong, unanswered, elsewhere], [])).toMatchObject({ declared: 4, observed: 0 });
  });

  test('shows a status that is not declared, and counts it for nothing', () => {
    const { cells, observed } = coverageOf(document, [exchange('GET', 418)], []);
    expect(cells).toContainEqual({ operation: 'sipgate.getThings', status: '418', credential: 'none', count: 1 });
    expect(observed).toBe(0);
  });

  test('does not call unreachable what was seen all the same', () => {
    const { cells, unreachable: listed } = coverageOf(document, [exchange('GET', 503)], unreachable);
    expect(cells.find(({ status }) => status === '503')).not.toHaveProperty('unreachable');
    expect(listed).toBe(0);
  });

  test('is the same whatever the order of the exchanges', () => {
    const exchanges = [exchange('GET', 401), exchange('POST', 201, 'Bearer x'), exchange('GET', 200, 'Basic x')];
    expect(coverageOf(document, exchanges.toReversed(), [])).toEqual(coverageOf(document, exchanges, []));
  });
});

test.each([
  [undefined, 'none'],
  ['Basic eA==', 'basic'],
  ['bearer x', 'bearer'],
  ['Digest x', 'other'],
  ['x', 'other'],
  [['Bearer x', 'Bearer y'], 'other'],
  [['Bearer x'], 'bearer'],
])('%s is a credential of the kind %s', (authorization, kind) => {
  expect(credentialKind(authorization)).toBe(kind);
});
