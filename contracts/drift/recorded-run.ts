/** A run or a recording, read from the JSON file that it was written to. */
import type { Report } from '../report/report.ts';
import type { TracedExchange } from '../trace.ts';

/** What `sidetone exec --intercept --record` writes: the traffic of a program. */
export interface Recording {
  recordVersion: 1;
  kind: 'recording';
  /** ISO 8601. */
  startedAt: string;
  exchanges: (TracedExchange & { provider?: string })[];
}

export type RecordedRun = Report | Recording;

/** A file that holds neither. The message names it, the member, and what was expected. */
export class UnreadableRun extends Error {
  override name = 'UnreadableRun';
}

export const isRecording = (run: RecordedRun): run is Recording => 'recordVersion' in run;

/** @param file its name, for messages. Throws an UnreadableRun. */
export function parseRun(text: string, file: string): RecordedRun {
  const refuse = (problem: string): never => {
    throw new UnreadableRun(
      `${file}: ${problem}; expected a report of "sidetone verify --report json" or a recording of "sidetone exec --intercept --record"`,
    );
  };
  const value = parseJson(text) ?? refuse('it is no JSON object');
  if ('recordVersion' in value) return recordingOf(value, refuse);
  if (value.reportVersion !== 2) {
    refuse(
      'reportVersion' in value
        ? `"reportVersion" is ${shortly(value.reportVersion)}, not 2`
        : '"reportVersion" is missing',
    );
  }
  if (!Array.isArray(value.rows)) refuse('"rows" is no list');
  if (!Array.isArray(value.sides)) refuse('"sides" is no list');
  (value.rows as unknown[]).forEach((row, index) => {
    const { check, verdicts } = objectOf(row);
    if (typeof objectOf(check).id !== 'string') refuse(`"rows[${index}].check.id" is no text`);
    for (const [role, verdict] of Object.entries(objectOf(verdicts))) {
      const { outcome, exchanges } = objectOf(verdict);
      if (typeof outcome !== 'string') refuse(`"rows[${index}].verdicts.${role}.outcome" is no text`);
      judgeExchanges(exchanges, `rows[${index}].verdicts.${role}.exchanges`, refuse);
    }
  });
  return value as unknown as Report;
}

type Refuse = (problem: string) => never;
type Json = Record<string, unknown>;

function recordingOf(value: Json, refuse: Refuse): Recording {
  if (value.recordVersion !== 1) refuse(`"recordVersion" is ${shortly(value.recordVersion)}, not 1`);
  if (value.kind !== 'recording') refuse(`"kind" is ${shortly(value.kind)}, not "recording"`);
  judgeExchanges(value.exchanges, 'exchanges', refuse);
  const exchanges = (value.exchanges as SavedExchange[]).map(exchangeOf);
  return { ...(value as unknown as Recording), exchanges };
}

/** As it stands in the file: null for what there is none of, a list for a header of several lines. */
interface SavedExchange extends Omit<Recording['exchanges'][number], 'operation' | 'request' | 'response'> {
  operation?: string | null;
  request: { method: string; url: string; headers?: SavedHeaders; body?: string | null };
  response?: { status: number; headers?: SavedHeaders; body?: string | null };
}

type SavedHeaders = Record<string, string | string[]>;

const exchangeOf = ({ operation, request, response, ...rest }: SavedExchange): Recording['exchanges'][number] => ({
  ...rest,
  ...(operation && { operation }),
  request: { method: request.method, url: request.url, headers: request.headers ?? {} },
  ...(response && {
    response: { status: response.status, headers: joined(response.headers), body: response.body ?? '' },
  }),
});

function judgeExchanges(value: unknown, place: string, refuse: Refuse): void {
  if (!Array.isArray(value)) refuse(`"${place}" is no list`);
  (value as unknown[]).forEach((exchange, index) => {
    const { request, response } = objectOf(exchange);
    const { method, url } = objectOf(request);
    if (typeof method !== 'string') refuse(`"${place}[${index}].request.method" is no text`);
    if (typeof url !== 'string' || !URL.canParse(url)) refuse(`"${place}[${index}].request.url" is no URL`);
    if (response !== undefined && typeof objectOf(response).status !== 'number') {
      refuse(`"${place}[${index}].response.status" is no number`);
    }
  });
}

/** Names in lower case, several lines joined, as in a trace. */
const joined = (headers: SavedHeaders = {}) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [value].flat().join(', ')]));

const objectOf = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {});
const shortly = (value: unknown) => JSON.stringify(value)?.slice(0, 40) ?? 'missing';

function parseJson(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
  } catch {
    return undefined;
  }
}
