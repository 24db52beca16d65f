/** A deviations file is taken or refused as a whole; every mistake is named with file, line and member. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkDeviations } from '../../contracts/index.ts';
import { readLocatedFile } from '../../mock-server/index.ts';

const checks = [
  { id: 'sipgate.BAS-02b', operation: 'sipgate.getAccount' },
  { id: 'sipgate.CLI-01', operation: 'sipgate.createClient' },
];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sidetone-deviations-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function read(text: string) {
  const path = join(folder, 'd.yaml');
  writeFileSync(path, text);
  try {
    return checkDeviations(await readLocatedFile(path), checks);
  } catch (error) {
    return (error as Error).message.replace(`${folder}/`, '');
  }
}

const ENTRY: Record<string, string> = {
  check: 'sipgate.BAS-02b',
  operation: 'sipgate.getAccount',
  target: 'real',
  instead: "{ status: 401, failure: 'GET /v2/account -> 401: expected a header' }",
  class: 'real',
  reason: 'the gateway drops it',
  ticket: 'TEL-1',
  firstSeen: "'2026-06-01'",
  expires: "'2026-11-28'",
  mockReproduces: 'false',
};

const entry = (change: Record<string, string | undefined> = {}) =>
  Object.entries({ ...ENTRY, ...change })
    .filter(([, value]) => value !== undefined)
    .map(([name, value], index) => `${index === 0 ? '  - ' : '    '}${name}: ${value}`)
    .join('\n');
const file = (...entries: string[]) => `deviations:\n${entries.join('\n')}\n`;

test('an entry is read with all that it says', async () => {
  expect(await read(file(entry()))).toEqual([
    {
      check: 'sipgate.BAS-02b',
      operation: 'sipgate.getAccount',
      target: 'real',
      instead: { status: 401, failure: 'GET /v2/account -> 401: expected a header' },
      class: 'real',
      reason: 'the gateway drops it',
      ticket: 'TEL-1',
      firstSeen: '2026-06-01',
      expires: '2026-11-28',
      mockReproduces: false,
    },
  ]);
});

test('days may stand without quotes, and a ticket may be absent', async () => {
  const bare = entry({ firstSeen: '2026-06-01', expires: '2026-06-02', ticket: undefined });
  expect(await read(file(bare))).toMatchObject([{ firstSeen: '2026-06-01', expires: '2026-06-02' }]);
});

test.each(['', '# nothing yet\n', 'deviations:\n', 'deviations: []\n'])('a file without entries: %j', async (text) => {
  expect(await read(text)).toEqual([]);
});

test.each<[string, string, string]>([
  ['no object', '- 1\n', 'd.yaml:1: the file must be an object'],
  ['another member', `known: []\n`, 'd.yaml:1: known is unknown; expected "deviations" alone'],
  ['no list', 'deviations: 3\n', 'd.yaml:1: deviations must be a list'],
  ['an entry that is none', 'deviations:\n  - x\n', 'd.yaml:2: deviations[0] must be an object'],
  ['broken YAML', 'deviations: [\n', 'd.yaml:2: '],
  ['an unknown member', file(entry({ ticked: 'x' })), 'd.yaml:12: deviations[0].ticked is unknown; expected check, '],
  ['no check', file(entry({ check: undefined })), 'd.yaml:2: deviations[0].check is missing'],
  [
    'an unknown check',
    file(entry({ check: 'sipgate.X' })),
    'd.yaml:2: deviations[0].check names no check: "sipgate.X"',
  ],
  [
    'the operation of another check',
    file(entry({ operation: 'sipgate.getUsers' })),
    'd.yaml:3: deviations[0].operation must be "sipgate.getAccount", as of the check',
  ],
  [
    'no reason',
    file(entry({ reason: '# later' })),
    'd.yaml:7: deviations[0].reason is missing: nobody but you can say why this is right',
  ],
  ['a reason that is none', file(entry({ reason: 'TODO' })), 'd.yaml:7: deviations[0].reason is no reason'],
  ['a reason of marks', file(entry({ reason: "'???'" })), 'd.yaml:7: deviations[0].reason is no reason'],
  ['a ticket that is a number', file(entry({ ticket: '7' })), 'd.yaml:8: deviations[0].ticket must be a text'],
  [
    'an unknown class',
    file(entry({ class: 'bug' })),
    'd.yaml:6: deviations[0].class must be one of real, document, fake, environment',
  ],
  ['no failure', file(entry({ instead: '{ status: 401 }' })), 'd.yaml:5: deviations[0].instead.failure must be a text'],
  [
    'a failure that is any',
    file(entry({ instead: "{ failure: '*' }" })),
    'd.yaml:5: deviations[0].instead.failure would match every failure',
  ],
  [
    'a status that is none',
    file(entry({ instead: '{ failure: x, status: 4xx }' })),
    'd.yaml:5: deviations[0].instead.status must be a status from 100 to 599',
  ],
  ['a day that is none', file(entry({ firstSeen: 'June' })), 'd.yaml:9: deviations[0].firstSeen must be a day such as'],
  [
    'a day that no month has',
    file(entry({ expires: '2026-06-31' })),
    'd.yaml:10: deviations[0].expires must be a day such as',
  ],
  [
    'an end before the beginning',
    file(entry({ expires: '2026-05-31' })),
    'd.yaml:10: deviations[0].expires is before it was first seen, 2026-06-01',
  ],
  [
    'more than 180 days',
    file(entry({ expires: '2026-11-29' })),
    'd.yaml:10: deviations[0].expires must be at most 180 days after it was first seen: 2026-11-28',
  ],
  [
    'neither true nor false',
    file(entry({ mockReproduces: 'maybe' })),
    'd.yaml:11: deviations[0].mockReproduces must be true or false',
  ],
  ['the same twice', file(entry(), entry()), 'd.yaml:12: deviations[1].check stands twice for the target "real"'],
])('is refused: %s', async (_what, text, message) => {
  expect(await read(text)).toEqual(expect.stringContaining(message));
});
