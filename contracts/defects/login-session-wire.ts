/** What broken login servers look at and remember: who asks which endpoint, with which token, and what became of it. */
import type { Defect, WireAnswer, WireRequest } from '../broken-server.ts';
import { jwtOf } from './sipgate-wire.ts';
import { unauthorized } from './token-places.ts';
import { bearerOf, both, formOf, isLoginToken, sends, type Which } from './token-wire.ts';

type Body = Record<string, unknown>;

const endpoint =
  (name: string): Which =>
  ({ path }) =>
    new RegExp(`^/auth/realms/[^/]+/protocol/openid-connect/${name}(?:\\?|$)`).test(path);

export const isUserinfo = endpoint('userinfo');
export const isRevoke = endpoint('revoke');
export const isIntrospect = endpoint('token/introspect');
export const isLogout = endpoint('logout');
export const isConfirm = endpoint('logout/logout-confirm');
export const isRefresh = both(isLoginToken, sends('grant_type', 'refresh_token'));
export const isApi: Which = ({ path }) => path.startsWith('/v2/');

export const not =
  (which: Which): Which =>
  (request) =>
    !which(request);
export const has =
  (name: string): Which =>
  (request) =>
    formOf(request).has(name);
export const queryOf = ({ path }: WireRequest) => new URLSearchParams(path.split('?')[1]);
/** A parameter of the form or of the query. */
export const parameterOf = (request: WireRequest, name: string): string | undefined =>
  formOf(request).get(name) ?? queryOf(request).get(name) ?? undefined;

/** Whether an access token in the header belongs to a user's session. */
export const isOfSession: Which = (request) => jwtOf(request).claims.sid !== undefined;

/** Members of an answer with tokens; undefined for any other answer. */
export function tokensOf(answer: WireAnswer, request: WireRequest): Body | undefined {
  return isLoginToken(request) && answer.status === 200 ? (JSON.parse(answer.body) as Body) : undefined;
}

export const refusal = (status: number, error: string): WireAnswer => ({
  status,
  headers: { 'content-type': 'application/json', 'cache-control': 'no-store', pragma: 'no-cache' },
  body: JSON.stringify({ error, error_description: 'broken' }),
});

export const htmlAnswer = (status: number, body: string): WireAnswer => ({
  status,
  headers: { 'content-type': 'text/html;charset=utf-8' },
  body,
});

/** From the first answer of this kind on no token of a user, and no refresh token, is good any more. */
export function endsEverything(trigger: (answer: WireAnswer, request: WireRequest) => boolean): Defect['answer'] {
  let ended = false;
  return (answer, request) => {
    if (ended && isApi(request) && bearerOf(request) !== '') Object.assign(answer, unauthorized('invalid_token'));
    if (ended && isRefresh(request)) Object.assign(answer, refusal(400, 'invalid_grant'));
    ended ||= trigger(answer, request);
  };
}

/** Refresh tokens that got new ones, as the broken server keeps count. */
export function rememberSpent(): {
  isSpent: (token: string | undefined) => boolean;
  answer: NonNullable<Defect['answer']>;
} {
  const spent = new Set<string>();
  return {
    isSpent: (token) => spent.has(token ?? ''),
    answer: (answer, request) => {
      const token = formOf(request).get('refresh_token');
      if (isRefresh(request) && answer.status === 200 && token) spent.add(token);
    },
  };
}

/** Finds what was dealt together with a token, by any of the answer's tokens. */
export function rememberDealt(): { find: (token: string) => Body | undefined; answer: NonNullable<Defect['answer']> } {
  const dealt: Body[] = [];
  return {
    find: (token) => dealt.find((body) => Object.values(body).includes(token)),
    answer: (answer, request) => {
      const body = tokensOf(answer, request);
      if (body) dealt.push(body);
    },
  };
}

/** Changes the claims of a JWT and keeps its signature. */
export function rewritten(token: unknown, change: (claims: Body) => Body): string {
  const [header = '', payload = '', signature = ''] = String(token).split('.');
  const claims = change(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Body);
  return `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${signature}`;
}

/** Of a parameter that is sent twice the first one counts. */
export function deduplicate(request: WireRequest): void {
  const form = formOf(request);
  for (const name of new Set(form.keys())) form.set(name, form.get(name) ?? '');
  request.body = form.toString();
}

/** A JSON body is read as a form. */
export function readJson(request: WireRequest): void {
  if (!request.headers['content-type']?.[0]?.startsWith('application/json')) return;
  request.body = new URLSearchParams(JSON.parse(request.body)).toString();
  request.headers['content-type'] = ['application/x-www-form-urlencoded'];
}
