/** One question and its answer, as they went over the wire. */
import { request } from 'node:http';

/** Names and values in order; a name may stand twice. */
export type Fields = Record<string, string | undefined> | [name: string, value: string][];

export interface Question {
  /** GET, or POST where there is a form or a body. */
  method?: string;
  /** Path on the party's origin, or a whole URL on it. */
  path: string;
  query?: Fields | undefined;
  form?: Fields | string;
  /** A body that is no form; its Content-Type stands in `headers`. */
  body?: string;
  headers?: Record<string, string | string[]>;
}

export interface Answer {
  /** What was asked, as a whole URL. */
  url: string;
  method: string;
  status: number;
  headers: [name: string, value: string][];
  body: string;
}

export const headerOf = ({ headers }: Pick<Answer, 'headers'>, name: string) =>
  headers.find(([given]) => given.toLowerCase() === name)?.[1];

/** Undefined values are left out. */
export function encode(fields: Fields): string {
  const pairs = Array.isArray(fields) ? fields : Object.entries(fields);
  return String(new URLSearchParams(pairs.filter((pair): pair is [string, string] => pair[1] !== undefined)));
}

/** Sends one request and follows nothing. Rejects where there is no answer. */
export async function send(origin: string, question: Question): Promise<Answer> {
  const url = new URL(question.path, origin);
  // Set as text: URL would write some characters in another way than the question has them.
  const query = question.query === undefined ? url.search : `?${encode(question.query)}`;
  const payload = typeof question.form === 'object' ? encode(question.form) : (question.form ?? question.body);
  const method = question.method ?? (payload === undefined ? 'GET' : 'POST');
  const form = question.form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' };
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: url.hostname, port: url.port, path: url.pathname + query, method, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('error', reject);
        response.once('end', () =>
          resolve({
            url: url.origin + url.pathname + query,
            method,
            status: response.statusCode ?? 0,
            headers: pairsOf(response.rawHeaders),
            body: Buffer.concat(chunks).toString('utf8'),
          }),
        );
      },
    );
    sent.once('error', reject);
    sent.setTimeout(30_000, () => sent.destroy(new Error(`no answer from ${url.origin} in 30 s`)));
    const headers = { accept: '*/*', ...form, ...question.headers };
    for (const [name, value] of Object.entries(headers)) if (value !== '') sent.setHeader(name, value);
    if (payload !== undefined) sent.setHeader('content-length', Buffer.byteLength(payload));
    sent.end(payload);
  });
}

const pairsOf = (raw: string[]) =>
  raw.flatMap((name, index): [string, string][] => (index % 2 === 0 ? [[name, raw[index + 1] ?? '']] : []));
