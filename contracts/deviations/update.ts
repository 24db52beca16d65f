/** Writes into a deviations file what a run has seen. The reasons are left to people. */
import { type Document, isMap, isSeq, parseDocument, type YAMLMap, type YAMLSeq } from 'yaml';
import type { Report, Row, Side, SideRole } from '../report/report.ts';
import { type Deviation, type DeviationClass, dayAfter, insteadOf } from './deviation.ts';

/** Until somebody has looked at it. */
const FIRST_DAYS = 90;
const ASK = ' why is this right? until that is said, the file is refused';

export interface Updated {
  text: string;
  /** Ids of checks, by what became of their entries. */
  added: string[];
  changed: string[];
  removed: string[];
}

/** @param text of the file, with its comments; '' for a new one. @param today a day, such as `2026-11-28`. */
export function updateDeviations(text: string, report: Report, today: string): Updated {
  const document = parseDocument(text);
  const list = listOf(document);
  const updated: Updated = { text, added: [], changed: [], removed: [] };
  for (const row of report.rows) {
    const entries = list.items.filter((item): item is YAMLMap => isMap(item) && item.get('check') === row.check.id);
    if (row.deviation?.state === 'stale') {
      remove(list, row, entries, report.sides);
      updated.removed.push(row.check.id);
    } else if (row.deviation === undefined || row.deviation.state === 'new') {
      for (const side of report.sides) note(document, list, row, side, entries, today, updated);
    }
  }
  return { ...updated, text: document.toString({ lineWidth: 120 }) };
}

function listOf(document: Document): YAMLSeq {
  const found = document.get('deviations');
  if (isSeq(found)) {
    found.flow = false;
    return found;
  }
  const made = document.createNode([]) as YAMLSeq;
  if (!isMap(document.contents)) document.contents = document.createNode({}) as never;
  document.set('deviations', made);
  return made;
}

/** What a harness could not ask is no deviation of anybody. */
const isDeviating = ({ verdicts, blame }: Row, role: SideRole) =>
  verdicts[role]?.outcome === 'failed' && blame !== 'harness';

/** Both fail alike: then the real side's entry speaks of both. */
const isReproduced = ({ result, difference }: Row) => result === 'fail/fail' && difference.length === 0;

const isEntryOf = (entry: YAMLMap, { role, name }: Side) => [role, name].includes(String(entry.get('target')) as never);

function remove(list: YAMLSeq, { verdicts }: Row, entries: YAMLMap[], sides: Side[]): void {
  const passed = sides.filter(({ role }) => verdicts[role]?.outcome === 'passed');
  const stale = entries.filter((entry) => passed.some((side) => isEntryOf(entry, side)));
  list.items = list.items.filter((item) => !stale.includes(item as YAMLMap));
}

function note(
  document: Document,
  list: YAMLSeq,
  row: Row,
  side: Side,
  entries: YAMLMap[],
  today: string,
  updated: Updated,
): void {
  const verdict = row.verdicts[side.role];
  if (!verdict || !isDeviating(row, side.role)) return;
  if (side.role === 'mock' && isReproduced(row)) return;
  const instead = insteadOf(verdict);
  const entry = entries.find((candidate) => isEntryOf(candidate, side));
  if (!entry) {
    list.add(entryNode(document, row, side, instead, today));
    updated.added.push(row.check.id);
  } else if (JSON.stringify(entry.toJSON().instead) !== JSON.stringify(instead)) {
    // The reason was one for what was seen before.
    entry.set('instead', document.createNode(instead));
    setReason(document, entry, ` ${String(entry.get('reason') ?? '')} -- that was said of another failure;${ASK}`);
    updated.changed.push(row.check.id);
  }
}

function entryNode(document: Document, row: Row, side: Side, instead: Deviation['instead'], today: string): YAMLMap {
  const entry: Omit<Deviation, 'reason'> & { reason: null } = {
    check: row.check.id,
    operation: row.check.operation,
    target: side.role,
    instead,
    class: CLASS_OF[row.blame ?? 'real'],
    reason: null,
    firstSeen: today,
    expires: dayAfter(today, FIRST_DAYS),
    mockReproduces: side.role === 'real' && isReproduced(row),
  };
  const node = document.createNode(entry) as YAMLMap;
  setReason(document, node, ASK);
  return node;
}

function setReason(document: Document, entry: YAMLMap, comment: string): void {
  const empty = document.createNode(null);
  empty.source = '';
  empty.comment = comment;
  entry.set('reason', empty);
}

const CLASS_OF: Record<NonNullable<Row['blame']>, DeviationClass> = {
  real: 'real',
  document: 'document',
  fake: 'fake',
  harness: 'environment',
};
