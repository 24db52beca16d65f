/** What broken SIPSIM servers look at and change. */
import { changeJson, type Defect, jsonAnswer, type WireAnswer, type WireRequest } from '../broken-server.ts';
import type { Which } from './token-wire.ts';

export type Item = Record<string, unknown>;

/** Requests with this method to a path under /api/v2; a `*` in it stands for one step. */
export function at(method: string, path: string): Which {
  const pattern = new RegExp(`^/api/v2${path.replaceAll('*', '[^/?]+')}(?:\\?|$)`);
  return (request) => request.method === method && pattern.test(request.path);
}

/** Reads the query otherwise than it was sent. */
export const misreadQuery = (which: Which, change: (query: URLSearchParams) => void) => (request: WireRequest) => {
  if (!which(request)) return;
  const [path = '', query] = request.path.split('?');
  const parameters = new URLSearchParams(query);
  change(parameters);
  request.path = parameters.size === 0 ? path : `${path}?${parameters}`;
};

/** Reads the JSON body otherwise than it was sent. */
export const misreadJson = (which: Which, change: (body: Item) => void) => (request: WireRequest) => {
  if (!which(request) || !request.body.startsWith('{"') || !request.body.endsWith('}')) return;
  const body = JSON.parse(request.body) as Item;
  change(body);
  request.body = JSON.stringify(body);
};

/** Changes `data` of a success. */
export const changeData =
  (which: Which, change: (data: Item & Item[], request: WireRequest) => unknown): Defect['answer'] =>
  (answer, request) => {
    if (!which(request) || answer.status >= 300) return;
    changeJson(answer, (body) => {
      const data = body.data as Item & Item[];
      return { ...body, data: change(data, request) ?? data };
    });
  };

/** Changes `pagination` of a success. */
export const changePagination =
  (which: Which, change: (pagination: Item) => Item): Defect['answer'] =>
  (answer, request) => {
    if (!which(request) || answer.status >= 300) return;
    changeJson(answer, (body) => ({ ...body, pagination: change(body.pagination as Item) }));
  };

/** Gives an answer of one status another. */
export const restatus =
  (which: Which, from: number, to: number): Defect['answer'] =>
  (answer, request) => {
    if (which(request) && answer.status === from) answer.status = to;
  };

/** Takes the names out of the texts of errors. */
export const unnamed =
  (which: Which): Defect['answer'] =>
  (answer, request) => {
    if (which(request) && answer.status === 422) changeJson(answer, (body) => ({ ...body, errors: ['Invalid'] }));
  };

/** Says 200 and does nothing. */
export const onlySays =
  (which: Which, data: unknown, status = 200) =>
  (request: WireRequest): WireAnswer | undefined =>
    which(request)
      ? jsonAnswer(status, { status, request_id: crypto.randomUUID(), timestamp: '2026-01-01T00:00:00Z', data })
      : undefined;
