/** Reads a JSON report of verify, whatever of it is there, and says what is missing. */

const OUTCOMES = ['passed', 'failed', 'error', 'not-run'];

/**
 * @param {unknown} report
 * @returns {{ sides: string[], rows: object[], target: string, exitCode: number | undefined, missing: string[] }}
 * Throws an Error for what is no report at all.
 */
export function readReport(report) {
  if (typeof report !== 'object' || report === null || Array.isArray(report))
    throw new Error('That is no JSON report of verify: it is no object.');
  const version = report.reportVersion;
  if (version !== 1 && version !== 2)
    throw new Error(
      `That is no JSON report of verify that this page knows: "reportVersion" is ${JSON.stringify(version) ?? 'missing'}, not 1 or 2.`,
    );
  const missing = [];
  const side = typeof report.target === 'string' ? report.target : (report.target?.name ?? 'target');
  const sides = version === 1 ? [side] : Array.isArray(report.sides) ? report.sides.map(String) : [];
  const given = version === 1 ? report.verdicts : report.rows;
  if (!Array.isArray(given)) missing.push(version === 1 ? '"verdicts"' : '"rows"');
  const rows = (Array.isArray(given) ? given : []).map((row, index) =>
    readRow(version === 1 ? rowOf(row, side) : row, index, missing),
  );
  if (version === 2 && sides.length === 0) {
    missing.push('"sides"');
    sides.push(...new Set(rows.flatMap(({ verdicts }) => Object.keys(verdicts))));
  }
  if (report.exitCode === undefined) missing.push('"exitCode"');
  return { sides, rows, target: side, exitCode: report.exitCode, missing: [...new Set(missing)] };
}

/** A verdict of version 1 as a row with one side. */
const rowOf = (verdict, side) => ({ check: verdict?.check, verdicts: { [side]: verdict } });

function readRow(row, index, missing) {
  const { check = {}, verdicts = {}, result, blame, difference, deviation } = row ?? {};
  if (!check?.id) missing.push(`"id" of the check in row ${index + 1}`);
  const known = Object.entries(verdicts ?? {}).filter(([, verdict]) => typeof verdict === 'object' && verdict !== null);
  for (const [side, { outcome }] of known)
    if (!OUTCOMES.includes(outcome)) missing.push(`"outcome" of ${side} in row ${index + 1}`);
  return {
    check: { id: `row ${index + 1}`, title: '', ...check },
    verdicts: Object.fromEntries(known),
    result:
      typeof result === 'string'
        ? result
        : known.map(([, { outcome }]) => ({ passed: 'pass', failed: 'fail' })[outcome] ?? 'not testable').join('/'),
    blame: typeof blame === 'string' ? blame : undefined,
    difference: Array.isArray(difference) ? difference.filter((one) => typeof one === 'object' && one !== null) : [],
    deviation: typeof deviation === 'object' && deviation !== null ? deviation : undefined,
  };
}

/** Rows in which something is wrong, or the sides disagree. */
export const differs = ({ verdicts, difference, deviation }) =>
  difference.length > 0 ||
  deviation !== undefined ||
  new Set(Object.values(verdicts).map(({ outcome }) => outcome)).size > 1;
export const fails = ({ verdicts }) =>
  Object.values(verdicts).some(({ outcome }) => outcome === 'failed' || outcome === 'error');
