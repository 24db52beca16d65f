/** What did not pass as SARIF 2.1.0 (OASIS), for code scanning: each result points at its operation in openapi.yaml. */
import { STATUS_CODES } from 'node:http';
import type { Invocation, Log, PhysicalLocation, ReportingDescriptor, Result, WebRequest, WebResponse } from 'sarif';
import type { TracedExchange } from '../trace.ts';
import type { OperationLines } from './operation-lines.ts';
import type { Report, Row, Side } from './report.ts';
import { reasonsOf, type Standing, standingOf, verdictsOf } from './standing.ts';

const LEVEL: Record<Standing, Result.level> = {
  passed: 'none',
  failed: 'error',
  known: 'note',
  'not verified': 'warning',
  'not run': 'none',
};

export function formatSarif(report: Report, lines: OperationLines): string {
  const rows = report.rows.filter((row) => !['passed', 'not run'].includes(standingOf(row)));
  const log: Log = {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'sidetone', version: report.version, rules: rows.map(ruleOf) } },
        invocations: report.sides.map((side) => invocationOf(side, report.exitCode)),
        results: rows.map((row, index) => resultOf(row, index, lines)),
        columnKind: 'utf16CodeUnits',
        automationDetails: { id: `sidetone verify/${report.target}/` },
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

const ruleOf = ({ check }: Row): ReportingDescriptor => ({
  id: check.id,
  shortDescription: { text: check.title },
  help: { text: `${check.clause}. Known by: ${check.evidence}. sidetone explain ${check.id}` },
  properties: { tags: [check.provider, check.level, check.evidence, check.risk, ...(check.tags ?? [])] },
});

function resultOf(row: Row, ruleIndex: number, lines: OperationLines): Result {
  const { check, result, blame, deviation, difference, proposedPatch } = row;
  const standing = standingOf(row);
  const place = lines.get(check.operation);
  const physicalLocation: PhysicalLocation = {
    artifactLocation: { uri: 'openapi.yaml' },
    ...(place && { region: { startLine: place.line, endLine: place.endLine } }),
  };
  const exchange = tellingExchange(row);
  return {
    ruleId: check.id,
    ruleIndex,
    kind: 'fail',
    level: LEVEL[standing],
    message: { text: `${check.title}: ${reasonsOf(row).join('; ') || result}` },
    locations: [{ physicalLocation, logicalLocations: [{ fullyQualifiedName: check.operation, kind: 'function' }] }],
    partialFingerprints: { 'check/v1': check.id },
    ...(standing === 'known' &&
      deviation && { suppressions: [{ kind: 'external', status: 'accepted', justification: deviation.reason }] }),
    ...(exchange && { webRequest: webRequestOf(exchange), webResponse: webResponseOf(exchange) }),
    properties: {
      result,
      ...(blame !== undefined && { blame }),
      ...(difference.length > 0 && { difference }),
      ...(proposedPatch && { proposedPatch }),
    },
  };
}

/** The last of the side that failed: what a check asks first prepares the rest. */
function tellingExchange(row: Row): TracedExchange | undefined {
  const told = verdictsOf(row).map(([, verdict]) => verdict);
  return (told.findLast(({ outcome }) => outcome === 'failed' || outcome === 'error') ?? told.at(-1))?.exchanges.at(-1);
}

function webRequestOf({ request: { method, url, headers, body } }: TracedExchange): WebRequest {
  const joined = Object.entries(headers).map(([name, value]) => [name, [value].flat().join(', ')]);
  return {
    protocol: 'HTTP',
    version: '1.1',
    method,
    target: url,
    headers: Object.fromEntries(joined),
    ...(body !== undefined && { body: { text: body } }),
  };
}

function webResponseOf({ response }: TracedExchange): WebResponse {
  if (!response) return { noResponseReceived: true };
  const { status, headers, body } = response;
  return {
    protocol: 'HTTP',
    version: '1.1',
    statusCode: status,
    reasonPhrase: STATUS_CODES[status] ?? '',
    headers,
    body: { text: body },
  };
}

function invocationOf(
  { name, startedAt, milliseconds, trusted, problems, leftovers }: Side,
  exitCode: number,
): Invocation {
  const told = [...problems, ...leftovers.map((left) => `left behind: ${left}`)];
  return {
    executionSuccessful: trusted && told.length === 0,
    exitCode,
    startTimeUtc: startedAt,
    endTimeUtc: new Date(Date.parse(startedAt) + milliseconds).toISOString(),
    properties: { target: name },
    toolExecutionNotifications: told.map((text) => ({ level: 'error', message: { text } })),
  };
}
