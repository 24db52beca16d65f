/** Authorization requests, login pages and redirects to clients, as a broken server reads and changes them. */
import type { WireAnswer, WireRequest } from '../broken-server.ts';
import type { AnswerChange, Which } from './token-wire.ts';

const at =
  (end: string): Which =>
  ({ path }) =>
    /^\/auth\/realms\/[^/]+\/([^?]+)/.exec(path)?.[1] === end;

export const isAuth = at('protocol/openid-connect/auth');
export const isAuthenticate = at('login-actions/authenticate');
export const isRequiredAction = at('login-actions/required-action');
export const isConsent = at('login-actions/consent');
export const isPost: Which = ({ method }) => method === 'POST';

const url = ({ path }: WireRequest) => new URL(path, 'http://broken.example');

export const queryOf = (request: WireRequest) => url(request).searchParams;

/** Reads the query otherwise than it was sent. */
export const misreadQuery = (which: Which, change: (query: URLSearchParams) => void) => (request: WireRequest) => {
  if (!which(request)) return;
  const { pathname, searchParams } = url(request);
  change(searchParams);
  request.path = `${pathname}?${searchParams}`;
};

/** Takes one value of a parameter for another; undefined for none at all. */
export const misread = (name: string, change: (value: string, query: URLSearchParams) => string | undefined) =>
  misreadQuery(isAuth, (query) => {
    const value = query.get(name);
    if (value === null) return;
    const changed = change(value, query);
    if (changed === undefined) query.delete(name);
    else query.set(name, changed);
  });

/** A parameter of the query has this value. */
export const asks =
  (name: string, value: string): Which =>
  (request) =>
    isAuth(request) && queryOf(request).get(name) === value;

export const redirectTo = (location: string): WireAnswer => ({ status: 302, headers: { location }, body: '' });
export const page = (status: number, text: string): WireAnswer => ({
  status,
  headers: { 'content-type': 'text/html;charset=utf-8' },
  body: `<h1>${text}</h1>`,
});

/** An error of its own, told to the client. */
export const refuseByRedirect = (which: Which, error: string) => (request: WireRequest) => {
  if (!which(request)) return undefined;
  const query = queryOf(request);
  return redirectTo(`${query.get('redirect_uri')}?${new URLSearchParams({ error, state: query.get('state') ?? '' })}`);
};

/** Whether an answer leads away from the login server: to a client. */
export const leadsToClient = ({ headers }: WireAnswer) =>
  headers.location !== undefined && !headers.location.includes('/login-actions/');

/** Changes the parameters of redirects to clients. */
export const changeRedirect =
  (change: (parameters: URLSearchParams, request: WireRequest) => URLSearchParams | undefined): AnswerChange =>
  (answer, request) => {
    if (!leadsToClient(answer)) return;
    const [, base = '', sign = '?', text = ''] = /^([^?#]*)([?#])(.*)$/s.exec(answer.headers.location ?? '') ?? [];
    const parameters = new URLSearchParams(text);
    answer.headers.location = `${base}${sign}${change(parameters, request) ?? parameters}`;
  };

/** Changes the text of pages. */
export const changePage =
  (which: Which, change: (html: string, request: WireRequest) => string): AnswerChange =>
  (answer, request) => {
    if (which(request) && (answer.headers['content-type'] ?? '').startsWith('text/html')) {
      answer.body = change(answer.body, request);
    }
  };

/** Changes the headers of some answers. */
export const changeHeaders =
  (which: (answer: WireAnswer, request: WireRequest) => boolean, change: (headers: WireAnswer['headers']) => void) =>
  (answer: WireAnswer, request: WireRequest) => {
    if (which(answer, request)) change(answer.headers);
  };

/** Lines of Set-Cookie whose cookie has this name are changed; undefined takes one away. */
export const changeCookie =
  (name: string, change: (line: string) => string | undefined) =>
  (answer: WireAnswer): void => {
    answer.cookies = answer.cookies?.flatMap((line) => (line.startsWith(`${name}=`) ? (change(line) ?? []) : line));
  };

/** What stands in the address of a page's form. */
export const inAddress = (html: string, name: string): string =>
  new RegExp(`[?;&]${name}=([^&"]*)`).exec(html)?.[1] ?? '';

/** As `client_data` names it. */
export function redirectUriIn(location: string): string {
  const data = new URL(location).searchParams.get('client_data') ?? '';
  return (JSON.parse(Buffer.from(data, 'base64url').toString('utf8')) as { ru: string }).ru;
}
