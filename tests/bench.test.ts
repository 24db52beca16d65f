/** The benchmark's own judgement: what it lets through, what it writes where. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cases } from '../bench/cases.ts';
import { complaintsOf, FLOORS } from '../bench/floors.ts';
import { parseOptions } from '../bench/options.ts';
import { markdownOf, type Report } from '../bench/report.ts';
import { isForWrk } from '../bench/wrk.ts';
import { writePart } from '../scripts/readme-part.ts';

const ids = cases.map(({ id }) => id);

test('the gate complains of a share below its floor, and of one that nobody measured', () => {
  const floors = { pat: 0.5, '401': 0.2, start: 0.3 };
  expect(complaintsOf({ pat: 0.5, '401': 0.21, start: 0.4 }, floors)).toEqual([]);
  expect(complaintsOf({ pat: 0.49, '401': Number.NaN }, floors)).toEqual([
    '401: not measured',
    'pat: 0.490 of node:http, at least 0.5 is wanted',
    'start: not measured',
  ]);
});

test('every floor is above nothing and belongs to something that is measured', () => {
  expect(Object.values(FLOORS).filter((floor) => !(floor > 0 && floor < 1))).toEqual([]);
  expect(Object.keys(FLOORS).filter((id) => id !== 'start' && !ids.includes(id))).toEqual([]);
});

test('the command line names cases and peers, and what it does not know is told', () => {
  expect(parseOptions(['--only', 'pat', '--peers', 'prism'], ids)).toMatchObject({ only: ['pat'], peers: ['Prism'] });
  expect(parseOptions(['--peers', 'none'], ids).peers).toEqual([]);
  expect(parseOptions([], ids).peers).toContain('WireMock');
  expect(() => parseOptions(['--only', 'nonsense'], ids)).toThrow('"nonsense" is no case; there are: pat');
  expect(() => parseOptions(['--peers', 'nobody'], ids)).toThrow('"nobody" is no peer');
});

test('wrk makes the load of one request that is the same each time, and no other', () => {
  const plan = { generator: '', url: '', connections: 1, seconds: 1, requests: [{ path: '/' }] };
  expect(isForWrk(plan)).toBe(true);
  const others = [
    ...[{ credentials: ['a'] }, { amount: 5 }, { tunnel: 'host' }],
    ...[{ requests: [{ path: '/' }, { path: '/' }] }, { requests: [{ path: '/', remember: 'id' }] }],
  ];
  expect(others.filter((other) => isForWrk({ ...plan, ...other }))).toEqual([]);
});

const report: Report = {
  machine: { date: '2026-11-28', node: 'v26.10.0', cores: 2, cpu: 'Some CPU', load: 0 },
  cases: [
    {
      ...{ id: 'pat', title: 'GET' },
      rows: [
        {
          name: 'node:http',
          perSecond: 50_000,
          ofBare: 1,
          p50: 0.5,
          p99: 1.5,
          cpu: 17,
          ofBareCpu: 1,
          idle: 60,
          loaded: 70,
        },
        { name: 'Sidetone', missing: 'not there: GET /__admin/events answers 404' },
      ],
    },
  ],
  starts: [{ name: 'Sidetone', milliseconds: 140, ofBare: 2.4, idle: 70 }],
  inProcess: { second: 8 },
  sizes: [{ name: 'Sidetone', megabytes: 6.4, packages: 1 }],
  missing: ['WireMock: no Java here'],
};

test('the table tells what was measured, and what was not, with the reason', () => {
  const text = markdownOf(report);
  expect(text).toContain('| node:http | 50,000 | 1.00 | 0.5 | 1.5 | 17 | 1.00 | 60 → 70 |');
  expect(text).toContain('| Sidetone | not there: GET /__admin/events answers 404 |');
  expect(text).toContain('| Sidetone | 140 ms | 2.4 | 70 | 6.4 | 1 |');
  expect(text).toContain('WireMock: no Java here');
  expect(text).not.toContain('not to be relied on');
  expect(text).toContain('wrk was not installed');
  const { machine } = report;
  expect(markdownOf({ ...report, machine: { ...machine, load: 5 } })).toContain('not to be relied on');
  expect(markdownOf({ ...report, machine: { ...machine, wrk: '4.1.0' } })).toContain('by wrk 4.1.0; elsewhere by');
});

test('the README gets it between its two markers, and keeps the rest', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sidetone-bench-'));
  try {
    const file = join(folder, 'README.md');
    const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');
    writeFileSync(file, readme);
    writePart('bench', 'the table', file);
    const written = readFileSync(file, 'utf8');
    expect(written).toContain('<!-- bench: begin -->\nthe table\n<!-- bench: end -->');
    const outside = (text: string) => text.replace(/<!-- bench: begin -->.*<!-- bench: end -->/s, '');
    expect(outside(written)).toBe(outside(readme));
    writeFileSync(file, 'no markers');
    expect(() => writePart('bench', 'the table', file)).toThrow('has no place between');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
