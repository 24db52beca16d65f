/** What has changed between two runs, or between two recordings of the same service. */
import { DIFFERENCE_WORDS, type Difference, differenceOf } from '../difference/exchanges.ts';
import type { Coverage, CoverageCell, Report, Row, SideRole } from '../report/report.ts';
import type { TracedExchange } from '../trace.ts';
import { isRecording, type RecordedRun, type Recording, UnreadableRun } from './recorded-run.ts';

export interface Drift {
  driftVersion: 1;
  /** 0 if nothing has changed, else 1. */
  exitCode: 0 | 1;
  before: Origin;
  after: Origin;
  changes: Change[];
}

/** Where a run comes from. */
export interface Origin {
  file: string;
  /** ISO 8601. */
  startedAt: string;
  /** Names of what was asked; of a recording, its origins. */
  target: string;
  /** Of the package that judged; a recording has none. */
  version?: string;
}

export interface Change {
  /**
   * verdict: a check came to another one. new, gone: only one of them has it. answer: status, headers, members, types
   * or error codes of an answer. coverage: a declared answer is seen, or seen no more.
   */
  kind: 'verdict' | 'new' | 'gone' | 'answer' | 'coverage';
  /** Id of a check, or an operation. */
  subject: string;
  side?: SideRole;
  /** What of it, e.g. `GET /v2/account: types /balance`. */
  what: string;
  before: string;
  after: string;
}

export interface NamedRun {
  file: string;
  run: RecordedRun;
}

/** Throws an UnreadableRun if one is a report and the other a recording. */
export function driftBetween(before: NamedRun, after: NamedRun): Drift {
  const changes = changesBetween(before, after);
  return {
    driftVersion: 1,
    exitCode: changes.length > 0 ? 1 : 0,
    before: originOf(before),
    after: originOf(after),
    changes,
  };
}

function changesBetween({ file, run: before }: NamedRun, { file: other, run: after }: NamedRun): Change[] {
  if (isRecording(before) && isRecording(after)) return changesOfTraffic(before, after);
  if (!isRecording(before) && !isRecording(after)) return changesOfReports(before, after);
  const [recording, report] = isRecording(before) ? [file, other] : [other, file];
  throw new UnreadableRun(`${recording} is a recording and ${report} a report; expected two of a kind`);
}

function originOf({ file, run }: NamedRun): Origin {
  if (!isRecording(run)) {
    return { file, startedAt: run.sides[0]?.startedAt ?? '', target: run.target, version: run.version };
  }
  const origins = new Set(run.exchanges.map(({ request }) => new URL(request.url).origin));
  return { file, startedAt: run.startedAt, target: [...origins].join(', ') };
}

function changesOfReports(before: Report, after: Report): Change[] {
  const [ofBefore, ofAfter] = [rowsById(before), rowsById(after)];
  return [
    ...[...ofBefore.values()].flatMap((row) => changesOfRow(row, ofAfter.get(row.check.id))),
    ...[...ofAfter.values()].filter(({ check }) => !ofBefore.has(check.id)).map(newRow),
    ...(before.coverage && after.coverage ? changesOfCoverage(before.coverage, after.coverage) : []),
  ];
}

const rowsById = ({ rows }: Report) => new Map(rows.map((row) => [row.check.id, row]));
const newRow = ({ check, result }: Row): Change => ({
  kind: 'new',
  subject: check.id,
  what: check.title,
  before: '',
  after: result,
});

function changesOfRow(before: Row, after: Row | undefined): Change[] {
  const { check, result } = before;
  if (!after) return [{ kind: 'gone', subject: check.id, what: check.title, before: result, after: '' }];
  return (['mock', 'real'] as const).flatMap((side): Change[] => {
    const [one, other] = [before.verdicts[side], after.verdicts[side]];
    if (!one || !other) return [];
    const about = { subject: check.id, side };
    const verdicts: Change[] =
      one.outcome === other.outcome
        ? []
        : [{ kind: 'verdict', ...about, what: other.reason ?? check.title, before: one.outcome, after: other.outcome }];
    // Where one was not run, there is nothing to compare.
    if (one.exchanges.length === 0 || other.exchanges.length === 0) return verdicts;
    const answers = differenceOf(one.exchanges, other.exchanges).filter(isOfAnswers);
    return [...verdicts, ...answers.map((difference) => changeOfAnswer(about, difference))];
  });
}

/** How often something was asked, as what takes its time is, is no change of the target. */
const isOfAnswers = ({ mock, real }: Difference) => mock !== 'not asked' && real !== 'not asked';

const changeOfAnswer = (
  about: Pick<Change, 'subject' | 'side'>,
  { request, kind, where, mock, real }: Difference,
): Change => ({
  kind: 'answer',
  ...about,
  what: `${request}: ${KINDS[kind]}${where === '' ? '' : ` ${where}`}`,
  before: mock,
  after: real,
});

const KINDS: Record<Difference['kind'], string> = {
  ...DIFFERENCE_WORDS,
  // Here it is the answer of one operation that is gone, not an exchange of a check.
  missing: 'answer',
};

function changesOfCoverage(before: Coverage, after: Coverage): Change[] {
  const keyOf = ({ operation, status, credential = '' }: CoverageCell) => `${operation} ${status} ${credential}`.trim();
  const statesOf = ({ cells }: Coverage) => new Map(cells.map((cell) => [keyOf(cell), stateOf(cell)]));
  const [ofBefore, ofAfter] = [statesOf(before), statesOf(after)];
  return [...new Set([...ofBefore.keys(), ...ofAfter.keys()])].flatMap((key): Change[] => {
    const [one = 'not declared', other = 'not declared'] = [ofBefore.get(key), ofAfter.get(key)];
    if (one === other) return [];
    const [subject = '', ...rest] = key.split(' ');
    return [{ kind: 'coverage', subject, what: rest.join(' '), before: one, after: other }];
  });
}

const stateOf = ({ count, unreachable }: CoverageCell) =>
  count > 0 ? 'seen' : unreachable === undefined ? 'not seen' : 'unreachable';

function changesOfTraffic(before: Recording, after: Recording): Change[] {
  const [ofBefore, ofAfter] = [byOperation(before), byOperation(after)];
  return [...new Set([...ofBefore.keys(), ...ofAfter.keys()])].flatMap((subject): Change[] => {
    const [one, other] = [ofBefore.get(subject), ofAfter.get(subject)];
    const asked = (exchanges: TracedExchange[]) => `${exchanges.length} times`;
    if (!one) return [{ kind: 'new', subject, what: 'asked', before: '', after: asked(other ?? []) }];
    if (!other) return [{ kind: 'gone', subject, what: 'asked', before: asked(one), after: '' }];
    return changesOfOperation(subject, distinct(one), distinct(other));
  });
}

/** By operation, or by method and path where it is none of the document's. */
function byOperation({ exchanges }: Recording): Map<string, TracedExchange[]> {
  const found = new Map<string, TracedExchange[]>();
  for (const exchange of exchanges) {
    const { operation, request } = exchange;
    const key = operation ?? `${request.method} ${new URL(request.url).pathname}`;
    found.set(key, [...(found.get(key) ?? []), exchange]);
  }
  return found;
}

/** As many answers of a shape of their own as are compared; what has more is no shape. */
const MOST_SHAPES = 50;

/** One for each shape of an answer. */
function distinct(exchanges: TracedExchange[]): TracedExchange[] {
  const shapes: TracedExchange[] = [];
  for (const exchange of exchanges) {
    if (shapes.length < MOST_SHAPES && !shapes.some((shape) => differenceOf([shape], [exchange]).length === 0)) {
      shapes.push(exchange);
    }
  }
  return shapes;
}

/** An answer is new if none before was of its shape: what differs from the most similar one is told. */
function changesOfOperation(subject: string, before: TracedExchange[], after: TracedExchange[]): Change[] {
  const told = after.flatMap((exchange) => {
    const same = before.filter((other) => statusOf(other) === statusOf(exchange));
    if (same.length === 0) return [];
    const differences = same.map((other) => differenceOf([other], [exchange]));
    const [least = []] = differences.sort((one, other) => distanceOf(one) - distanceOf(other));
    return least.map((difference) => changeOfAnswer({ subject }, difference));
  });
  const [ofBefore, ofAfter] = [statusesOf(before), statusesOf(after)];
  const changed: Change = { kind: 'answer', subject, what: 'statuses', before: ofBefore, after: ofAfter };
  return [...(ofBefore === ofAfter ? [] : [changed]), ...unique(told)];
}

/** A member of another type is nearer than one that is not there. */
const distanceOf = (differences: Difference[]) =>
  differences.reduce((sum, { kind }) => sum + (kind === 'types' || kind === 'errorCode' ? 2 : 3), 0);

const statusOf = ({ response }: TracedExchange) => String(response?.status ?? 'no answer');
const statusesOf = (exchanges: TracedExchange[]) => [...new Set(exchanges.map(statusOf))].sort().join(', ');
const unique = (changes: Change[]) => [...new Map(changes.map((change) => [JSON.stringify(change), change])).values()];
