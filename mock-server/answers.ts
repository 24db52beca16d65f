/** Writes answers, and proves that each is one that openapi.yaml declares. */
import { inspect } from 'node:util';
import type { Response } from 'express';
import { type ApiDocument, type OperationObject, responseOf } from './document.ts';
import type { ApiError } from './errors.ts';
import { headerLines } from './journal/exchange.ts';
import type { Answer, ApiRequest, Surface } from './provider.ts';

/** What the chain of handlers knows of one request. */
export interface Locals {
  request: ApiRequest;
  surface: Surface;
  /** Name of the provider whose surface it is. */
  provider: string;
  operation?: OperationObject;
  reason?: string;
  refusal?: ApiError;
  /** What the document says against the fake's own answer. */
  bug?: Error;
  /** A text without the secrets of the fake and of this request. */
  withoutSecrets?: (text: string) => string;
}

export const localsOf = (response: Response) => response.locals as Locals;

/** Instead of Express's, which adds a charset to every Content-Type. */
export function writeJson(response: Response, value: unknown): Response {
  const { bug } = localsOf(response);
  if (bug) return sendBug(response, bug);
  const text = JSON.stringify(value);
  const length = Buffer.byteLength(text);
  if (!response.hasHeader('content-type')) response.setHeader('content-type', 'application/json');
  response.setHeader('content-length', length);
  // Node writes header and text in one piece where both are of the same encoding.
  if (length === text.length) response.end(text, 'latin1');
  else if (headerLines(response).every(isAscii)) response.end(text, 'utf8');
  else response.end(Buffer.from(text));
  return response;
}

/** Such a text has the same bytes in Latin-1, which headers are, and in UTF-8. */
export function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) > 0x7f) return false;
  return true;
}

/** Text as a header value: visible ASCII and spaces (RFC 9110 §5.5), at most 500 of them. */
export const headerText = (text: string) =>
  text
    .replaceAll(' §', ' section ')
    .replace(/[^\x20-\x7e]/g, '?')
    .slice(0, 500);

/** Sends an answer of an operation or a surface. Throws if the document does not declare it. */
export function send(response: Response, answer: Answer, document: ApiDocument): void {
  const { request, surface, operation } = localsOf(response);
  response.statusCode = answer.status;
  for (const [name, value] of Object.entries({ ...surface.headers(request, answer), ...answer.headers })) {
    response.setHeader(name, value);
  }
  if (answer.body !== undefined) {
    response.json(answer.body);
    return;
  }
  if (answer.html !== undefined) {
    sendPage(response, answer.html, document);
    return;
  }
  if (answer.headers?.['content-type'] === undefined) response.removeHeader('content-type');
  // The validator judges bodies; whether there may be none is judged here.
  if (operation && request.method !== 'OPTIONS') proveEmptyAnswer(answer.status, operation, document);
  response.end();
}

function sendPage(response: Response, html: string, document: ApiDocument): void {
  const { operation } = localsOf(response);
  const declared = operation && responseOf(document, operation, response.statusCode);
  if (operation && !declared?.content?.['text/html']) {
    throw new Error(`${operation.operationId} declares no page for the status ${response.statusCode}`);
  }
  const bytes = Buffer.from(html);
  if (!response.hasHeader('content-type')) response.setHeader('content-type', 'text/html;charset=utf-8');
  response.setHeader('content-length', bytes.length);
  response.end(bytes);
}

function proveEmptyAnswer(status: number, operation: OperationObject, document: ApiDocument): void {
  const declared = responseOf(document, operation, status);
  if (!declared) throw new Error(`${operation.operationId} does not declare the status ${status}`);
  if (declared.content && declared['x-body'] !== 'optional') {
    throw new Error(`${operation.operationId} declares a body for the status ${status}, but the answer is empty`);
  }
}

/** A bug is a 500 that says so, never a silent 200. */
export function sendBug(response: Response, thrown: unknown): Response {
  const { withoutSecrets = (text: string) => text } = localsOf(response);
  const message = withoutSecrets(thrown instanceof Error ? thrown.message : String(thrown));
  localsOf(response).reason = `bug in the fake: ${message}`;
  const whole = thrown instanceof Error ? inspect(thrown) : String(thrown);
  console.error('sidetone: bug in the fake, please report it:', withoutSecrets(whole));
  response.statusCode = 500;
  response.setHeader('content-type', 'application/json');
  response.removeHeader('content-length');
  return response.end(JSON.stringify({ error: 'sidetone_bug', error_description: message }));
}
