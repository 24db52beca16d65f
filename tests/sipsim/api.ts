/** Asks SIPSIM's API of a mock. */
import type { Mock } from '../../mock-server/index.ts';
import { bearer } from '../support/ask.ts';

export interface ApiAnswer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: what a test reads out of JSON
  body: any;
  headers: Headers;
}

export type Api = (method: string, path: string, json?: unknown) => Promise<ApiAnswer>;

/** With a token of the first integration that may do everything, or of the one that is named. */
export async function apiOf(mock: Mock, client?: string, scopes?: string[]): Promise<Api> {
  const { accessToken } = await mock.mintToken('sipsim', { ...(client && { client }), ...(scopes && { scopes }) });
  return async (method, path, json) => {
    const headers: Record<string, string> = { authorization: bearer(accessToken) };
    if (json !== undefined) headers['content-type'] = 'application/json';
    const body = json === undefined ? {} : { body: JSON.stringify(json) };
    const answer = await fetch(`${mock.sipsim.baseUrl}${path}`, { method, headers, ...body });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: text === '' ? undefined : JSON.parse(text) };
  };
}
