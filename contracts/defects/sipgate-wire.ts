/** What broken sipgate servers look at: who asks, where, and with which body. */

import type { WireAnswer, WireRequest } from '../broken-server.ts';
import { basic } from '../session.ts';

/** The vendor's published sample pair, which the default data lets do everything. */
export const FULL_ACCESS = basic({ id: 'token-FQ1V12', secret: 'e68ead46-a7db-46cd-8a1a-44aed1e4e372' });
/** The collection under /v2 and at the root. */
export const CLIENTS = /^(?:\/v2)?\/authorization\/oauth2\/clients(?:\?|$)/;
/** One client, percent-encoded id and all. */
export const CLIENT = /^(?:\/v2)?\/authorization\/oauth2\/clients\/[^/?]+(?:\?|$)/;
export const REST = /^\/v2\//;
/** Everything that only the short form serves. */
export const ROOT = /^\/(?!v2\/|api\/|auth\/|login\/|oauth\/)/;

export const authorizationOf = ({ headers }: WireRequest) => headers.authorization?.[0] ?? '';

/** Id and password of a Basic header, decoded. */
export const pairOf = (request: WireRequest) =>
  Buffer.from(/^basic (.*)$/i.exec(authorizationOf(request))?.[1] ?? '', 'base64').toString('utf8');

/** Header and claims of a Bearer JWT; empty objects if there is none. */
export function jwtOf(request: WireRequest): { header: Claims; claims: Claims } {
  const [, header = '', payload = ''] = /^bearer ([\w-]+)\.([\w-]+)\.[\w-]*$/i.exec(authorizationOf(request)) ?? [];
  return { header: parse(Buffer.from(header, 'base64url')), claims: parse(Buffer.from(payload, 'base64url')) };
}

type Claims = Record<string, unknown>;

/** A JSON body; an empty object for anything else. */
/** An empty object for a body that is none. */
export const jsonOf = ({ body }: WireRequest): Claims => parse(Buffer.from(body));

function parse(bytes: Buffer): Claims {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Claims) : {};
  } catch {
    return {};
  }
}

/** Lets in whoever a server should have kept out. */
export const letIn = (when: (request: WireRequest) => boolean) => (request: WireRequest) => {
  if (when(request)) request.headers.authorization = [FULL_ACCESS];
};

/** Changes the status of some answers and takes their body away. */
export const answerInstead =
  (status: number, when: (answer: WireAnswer, request: WireRequest) => boolean) =>
  (answer: WireAnswer, request: WireRequest) => {
    if (!when(answer, request)) return;
    answer.status = status;
    answer.body = '';
    delete answer.headers['content-type'];
  };

/** Changes members of JSON bodies of some answers. */
export const changeBody =
  (when: (answer: WireAnswer, request: WireRequest) => boolean, change: (body: Claims, request: WireRequest) => void) =>
  (answer: WireAnswer, request: WireRequest) => {
    if (answer.body === '' || !when(answer, request)) return;
    const body = JSON.parse(answer.body);
    change(body, request);
    answer.body = JSON.stringify(body);
  };
