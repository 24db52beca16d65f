/** As much of a browser as a login needs: cookies (RFC 6265 §5) and forms. It follows no redirect unasked. */
import { CheckFailure } from '../../check.ts';
import type { Reply } from '../../client.ts';
import { type CallOptions, type Session, urlOf } from '../../session.ts';
import { type Form, readPage } from './browser-pages.ts';

export interface Browser {
  /** Calls an operation with the cookies for its path, and keeps those that the answer sets. */
  call(operationId: string, options?: CallOptions): Promise<Reply>;
  /** Whether a redirect leads to another page of the login server. */
  leadsOn(reply: Reply): boolean;
  /** Goes where the redirect leads. */
  follow(reply: Reply): Promise<Reply>;
  /** Sends the page's form, filled in. Without a button it is the first one, as by the Enter key. */
  submit(page: Reply, filled?: Record<string, string>, button?: string): Promise<Reply>;
  /** By name and path; to look at, and to forge. */
  cookies: Map<string, Cookie>;
}

export interface Cookie {
  name: string;
  value: string;
  /** By lower-case name; empty text for those without a value. */
  attributes: Record<string, string>;
}

/** The cookies that an answer sets. The client has joined their lines by a comma, which may stand in a date too. */
export function cookiesOf({ headers }: Reply): Cookie[] {
  const lines = (headers['set-cookie'] ?? '').split(/,\s*(?=[^;,=\s]+=)/).filter((line) => line !== '');
  return lines.map((line) => {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
    const [name, value] = halves(pair);
    return { name, value, attributes: Object.fromEntries(attributes.map(halves).map(([key, of]) => [lower(key), of])) };
  });
}

const lower = (text: string) => text.toLowerCase();

function halves(pair: string): [string, string] {
  const sign = pair.indexOf('=');
  return sign === -1 ? [pair, ''] : [pair.slice(0, sign), pair.slice(sign + 1)];
}

const isExpired = ({ attributes }: Cookie) =>
  Number(attributes['max-age'] ?? 1) <= 0 || Date.parse(attributes.expires ?? '') < Date.now();

/** RFC 6265 §5.1.4. `Secure` is not looked at: the suite may be on its way to a loopback address. */
const isFor = (path: string, { attributes }: Cookie) => path.startsWith((attributes.path ?? '/').replace(/\/?$/, '/'));

export function createBrowser(session: Session): Browser {
  const cookies = new Map<string, Cookie>();
  const keep = (cookie: Cookie) => {
    const key = `${cookie.name} ${cookie.attributes.path}`;
    if (isExpired(cookie)) cookies.delete(key);
    else cookies.set(key, cookie);
  };
  const call = async (operationId: string, options: CallOptions = {}) => {
    const path = pathOf(session, operationId, options.params ?? {});
    const pairs = [...cookies.values()].filter((cookie) => isFor(path, cookie));
    const cookie = pairs.map(({ name, value }) => `${name}=${value}`).join('; ');
    const headers = { ...options.headers, ...(cookie !== '' && { cookie }) };
    const reply = await session.call(operationId, { ...options, headers });
    for (const set of cookiesOf(reply)) keep(set);
    return reply;
  };
  const go = (method: string, url: URL, form?: [string, string][]) => {
    const place = placeOf(session, method, url);
    if (!place) throw new CheckFailure(`${method} ${url.origin}${url.pathname} is no page of the login server`);
    return call(place.operationId, { params: place.params, query: [...url.searchParams], ...(form && { form }) });
  };
  return {
    cookies,
    call,
    leadsOn: (reply) => placeOf(session, 'GET', locationOf(reply)) !== undefined,
    follow: (reply) => go('GET', locationOf(reply)),
    submit: (page, filled = {}, button) => {
      const form = formIn(page);
      return go(form.method, new URL(form.action, page.request.url), sent(form, filled, button));
    },
  };
}

/** The form of a page, which has one. */
export function formIn(page: Reply): Form {
  const form = readPage(page.text).forms[0];
  if (!form) throw new CheckFailure(`prerequisite: no form in the answer ${page.status} of ${page.request.method}`);
  return form;
}

function sent({ fields }: Form, filled: Record<string, string>, button?: string): [string, string][] {
  const pressed = button ?? fields.find(({ type }) => type === 'submit')?.name;
  return fields
    .filter(({ name, type }) => type !== 'submit' || name === pressed)
    .map(({ name, value }) => [name, filled[name] ?? value]);
}

const locationOf = ({ request, headers }: Reply) => new URL(headers.location ?? '', request.url);

function pathOf({ document, target }: Session, operationId: string, params: Record<string, string>): string {
  const operation = document.operations.get(operationId);
  return operation ? new URL(urlOf(target, operation, params)).pathname : '/';
}

/** The login server's operation at a URL. */
function placeOf({ document, target }: Session, method: string, url: URL) {
  const realm = /\/realms\/([^/]+)\//.exec(url.pathname)?.[1] ?? '';
  const found = [...document.operations.values()].find(
    (operation) =>
      operation.method === method &&
      operation.path.startsWith('/auth/') &&
      urlOf(target, operation, { realm }) === url.origin + url.pathname,
  );
  return found && { operationId: found.operationId, params: { realm } };
}
