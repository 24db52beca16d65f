/** The result as one Markdown text. */
import { type Machine, machineText } from './machine.ts';
import type { Row } from './rounds.ts';
import type { StartRow } from './starts.ts';

export interface Report {
  machine: Machine;
  cases: { id: string; title: string; rows: Row[] }[];
  starts: StartRow[];
  /** Milliseconds. */
  inProcess: Record<string, number>;
  /** RS256 signatures per second of a loop that only signs; absent where nothing was compared with it. */
  signing?: number;
  sizes: { name: string; megabytes: number; packages?: number }[];
  /** Peers that could not be had, with the reason. */
  missing: string[];
}

export function markdownOf(report: Report): string {
  const { machine, cases, starts, inProcess, signing, sizes, missing } = report;
  const parts = [
    `Measured on ${machineText(machine)}; closed loop of 32 connections from a second process on loopback, the same`,
    'JSON body of 119 bytes, medians of rounds in which all take turns. `npm run bench -- --readme` measures it anew.',
    loadText(machine),
  ];
  if (cases.length > 0) parts.push('', loadTable(cases));
  if (signing !== undefined)
    parts.push('', `A loop that only signs with RS256: ${round(signing)} signatures per second.`);
  if (starts.length > 0) parts.push('', startTable(starts, sizes));
  const steps = Object.entries(inProcess).map(([step, milliseconds]) => `${step} ${round(milliseconds)} ms`);
  if (steps.length > 0) parts.push('', `In one's own process: ${steps.join(', ')}.`);
  if (missing.length > 0) parts.push('', `Not measured: ${missing.join('; ')}.`);
  return parts.join('\n');
}

function loadText({ wrk }: Machine): string {
  if (wrk === undefined)
    return 'The load is autocannon’s, which is slower itself than the fastest of these: wrk was not installed.';
  return `Where one request is asked again and again, by wrk ${wrk}; elsewhere by autocannon.`;
}

function loadTable(cases: Report['cases']): string {
  const head = ['', 'req/s', 'of bare', 'p50 ms', 'p99 ms', 'CPU µs', 'of bare', 'MB idle → after'];
  const rows = cases.flatMap(({ title, rows }) => [
    [`**${title}**`, '', '', '', '', '', '', ''],
    ...rows.map((row) =>
      row.missing !== undefined
        ? [row.name, row.missing.replaceAll('|', '/'), '', '', '', '', '', '']
        : [
            row.name,
            round(row.perSecond),
            fixed(row.ofBare, 2),
            fixed(row.p50, 1),
            fixed(row.p99, 1),
            round(row.cpu),
            fixed(row.ofBareCpu, 2),
            `${round(row.idle)} → ${round(row.loaded)}`,
          ],
    ),
  ]);
  return table(head, rows);
}

function startTable(starts: StartRow[], sizes: Report['sizes']): string {
  const head = ['', 'spawn to first answer', 'of bare', 'MB idle', 'installed MB', 'packages'];
  const rows = starts.map(({ name, milliseconds, ofBare, idle, missing }) => {
    const size = sizes.find((each) => each.name === name);
    const told = [size ? fixed(size.megabytes, 1) : '–', size?.packages === undefined ? '–' : String(size.packages)];
    if (missing !== undefined) return [name, missing.replaceAll('|', '/'), '', '', ...told];
    return [name, `${round(milliseconds)} ms`, fixed(ofBare, 1), round(idle), ...told];
  });
  return table(head, rows);
}

const table = (head: string[], rows: string[][]) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const round = (value?: number) => (value === undefined ? '–' : Math.round(value).toLocaleString('en'));
const fixed = (value: number | undefined, digits: number) => (value === undefined ? '–' : value.toFixed(digits));
