/** What a row of the page opens to, as data for its script. */
import { gzipSync } from 'node:zlib';
import type { TracedExchange } from '../../trace.ts';
import { curlOf, type SecretNames } from '../curl.ts';
import type { Report, Row } from '../report.ts';
import { verdictsOf } from '../standing.ts';

/** Nobody reads more of a body in a page; the HAR has it whole. */
const MOST_OF_BODY = 20_000;

/** Compressed: a run of both sides has 5,000 exchanges, which say much the same. */
export const packedDetails = (report: Report): string =>
  gzipSync(JSON.stringify(report.rows.map((row) => detailsOf(row, report)))).toString('base64');

function detailsOf(row: Row, report: Report) {
  const { check, difference, proposedPatch } = row;
  return {
    id: check.id,
    facts: [
      ['clause', `${check.clause} (${check.level})`],
      ['known by', check.evidence],
      ['risk', check.risk],
      ['needs', check.needs.join(', ') || 'nothing'],
      ...verdictsOf(row).flatMap(([role, { notes = [] }]) => notes.map((note) => [role, note])),
    ],
    difference,
    ...(proposedPatch && { patch: JSON.stringify(proposedPatch, null, 2) }),
    sides: verdictsOf(row).map(([role, { exchanges, outcome }]) => ({
      role,
      outcome,
      exchanges: exchanges.map((exchange) => exchangeOf(exchange, report.secrets ?? {})),
    })),
  };
}

const exchangeOf = ({ request, response, error, milliseconds }: TracedExchange, secrets: SecretNames) => ({
  milliseconds,
  curl: curlOf(request, secrets),
  request: { ...request, headers: Object.entries(request.headers), body: cut(request.body) },
  ...(response && { response: { ...response, headers: Object.entries(response.headers), body: cut(response.body) } }),
  ...(error !== undefined && { error }),
});

const cut = (body = '') =>
  body.length > MOST_OF_BODY
    ? `${body.slice(0, MOST_OF_BODY)}\n… and ${body.length - MOST_OF_BODY} characters more`
    : body;
