/**
 * What Stryker found, against the reasons that are written down: prints the score, fails on a survivor that has no reason,
 * and names the reasons that are needed no more. `--write` puts the score into the README.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { writePart } from '../../scripts/readme-part.ts';

const here = import.meta.dirname;
const REPORT = join(here, '../../reports/mutation/mutation.json');
const REASONS = join(here, 'survivors');

/** Of the mutation testing report schema, what is read here. */
interface Report {
  files: Record<string, { source: string; mutants: Mutant[] }>;
}

interface Mutant {
  mutatorName: string;
  replacement?: string;
  status: 'Killed' | 'Timeout' | 'Survived' | 'NoCoverage' | 'RuntimeError' | 'CompileError' | 'Ignored' | 'Pending';
  location: { start: { line: number } };
}

const KINDS = ['setting', 'unseen', 'equivalent', 'unreachable', 'gap'] as const;

/** Why mutants survive. What is absent matches everything. */
interface Reason {
  /** setting: another than the default shows it; unseen: no client can see it; gap: a client could, but no check asks. */
  kind: (typeof KINDS)[number];
  reason: string;
  /** Path of the file, or the beginning of it. */
  file: string;
  /** Regular expression that the trimmed line matches. */
  line?: string;
  mutator?: string;
  /** Regular expression that the replacement matches. */
  replacement?: string;
}

interface Survivor {
  file: string;
  line: string;
  number: number;
  mutator: string;
  replacement: string;
}

const report = JSON.parse(readFileSync(REPORT, 'utf8')) as Report;
const reasons = readdirSync(REASONS)
  .filter((name) => name.endsWith('.yaml'))
  .flatMap((name) =>
    (parse(readFileSync(join(REASONS, name), 'utf8')) as Reason[]).map((reason) => ({ name, reason })),
  );
for (const { name, reason } of reasons) {
  if (KINDS.includes(reason.kind) && reason.reason && reason.file) continue;
  throw new Error(`${name}: a reason has a kind (${KINDS.join(', ')}), a reason and a file: ${JSON.stringify(reason)}`);
}

const all = Object.entries(report.files).flatMap(([file, { source, mutants }]) => {
  const lines = source.split('\n');
  return mutants.map((mutant) => ({ file, lines, ...mutant }));
});
const count = (...statuses: Mutant['status'][]) => all.filter(({ status }) => statuses.includes(status)).length;
const survivors: Survivor[] = all
  .filter(({ status }) => status === 'Survived' || status === 'NoCoverage')
  .map(({ file, lines, mutatorName, replacement = '', location }) => ({
    ...{ file, number: location.start.line, mutator: mutatorName, replacement },
    line: (lines[location.start.line - 1] ?? '').trim(),
  }));

const explains = ({ file, line, mutator, replacement }: Reason, survivor: Survivor) =>
  survivor.file.startsWith(file) &&
  (mutator === undefined || mutator === survivor.mutator) &&
  (line === undefined || new RegExp(line).test(survivor.line)) &&
  (replacement === undefined || new RegExp(replacement, 's').test(survivor.replacement));

const found = new Map(
  survivors.map((survivor) => [survivor, reasons.find(({ reason }) => explains(reason, survivor))?.reason]),
);
const unexplained = survivors.filter((survivor) => !found.get(survivor));
const used = new Set(found.values());
const stale = reasons.filter(({ reason }) => !used.has(reason));

const killed = count('Killed', 'Timeout');
console.log(`${all.length} mutants in ${Object.keys(report.files).length} files of mock-server/`);
console.log(scoreTable());
console.log(`${count('RuntimeError', 'CompileError')} do not run at all, ${count('Ignored')} are left out`);
for (const { file, number, mutator, line, replacement } of unexplained) {
  console.error(
    `${file}:${number} ${mutator}: ${line.slice(0, 100)} => ${replacement.replace(/\s+/g, ' ').slice(0, 60)}`,
  );
}
for (const { name, reason } of stale)
  console.error(`${basename(name)}: nothing survives by this reason: ${reason.reason}`);
process.exitCode = unexplained.length > 0 ? 1 : 0;
if (process.argv.includes('--write')) writePart('mutation', scoreTable());

function scoreTable(): string {
  const survive = [...KINDS, undefined].map((kind) => [
    `survive: ${kind ?? 'without a reason'}`,
    survivors.filter((survivor) => found.get(survivor)?.kind === kind).length,
  ]);
  const rows = [['noticed by the suite', killed] as const, ...survive];
  const whole = killed + survivors.length;
  return [
    ['mutants', 'number', 'share'],
    ['---', '---', '---'],
    ...rows.map(([what, number]) => [what, number, `${((Number(number) / whole) * 100).toFixed(1)} %`]),
  ]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}
