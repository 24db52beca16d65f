/** A person at a browser, as far as a login needs one: cookies, real forms filled in, redirects that stay with the server. */
import { parseSetCookie } from 'cookie';

export interface Visitor {
  /** Cookies by name. */
  cookies: Map<string, string>;
  /** Opens an address; follows redirects as long as they stay at its origin. */
  open(url: string): Promise<Page>;
  /** Sends the page's only form with these fields, its hidden ones besides. Throws if it has none, or lacks the button. */
  submit(page: Page, fields: Record<string, string>): Promise<Page>;
}

export interface Page {
  url: string;
  status: number;
  headers: Headers;
  html: string;
  /** Where the browser is sent to, away from the server; undefined for a page. */
  leavesTo: URL | undefined;
}

export function createVisitor(): Visitor {
  const cookies = new Map<string, string>();
  const once = async (url: string, init: RequestInit = {}) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, { ...init, redirect: 'manual', headers: { accept: 'text/html', cookie } });
    for (const line of answer.headers.getSetCookie()) keep(cookies, line);
    return answer;
  };
  const go = async (url: string, init?: RequestInit): Promise<Page> => {
    let [at, answer] = [url, await once(url, init)];
    for (let hops = 0; hops < 5; hops += 1) {
      const location = answer.headers.get('location');
      const target = location === null ? undefined : new URL(location, at);
      if (target?.origin !== new URL(url).origin) {
        return { url: at, status: answer.status, headers: answer.headers, html: await answer.text(), leavesTo: target };
      }
      await answer.arrayBuffer();
      at = target.href;
      answer = await once(at);
    }
    throw new Error(`${url} redirects without end`);
  };
  return {
    cookies,
    open: (url) => go(url),
    submit: (page, fields) => {
      const form = formOf(page);
      const unknown = Object.keys(fields).find((name) => !form.names.includes(name));
      if (unknown !== undefined) throw new Error(`the form at ${page.url} has no field "${unknown}"`);
      return go(form.action, { method: 'POST', body: new URLSearchParams({ ...form.hidden, ...fields }) });
    },
  };
}

/** Path and domain do not matter: one server. */
function keep(cookies: Map<string, string>, line: string): void {
  const { name, value = '', maxAge } = parseSetCookie(line);
  if (maxAge !== undefined && maxAge <= 0) cookies.delete(name);
  else cookies.set(name, value);
}

function formOf({ html, url, status }: Page) {
  const [, action] = /<form method="post" action="([^"]*)"/.exec(html) ?? [];
  if (action === undefined) throw new Error(`no form to fill in at ${url}: ${status} ${textOf(html)}`);
  const fields = [...html.matchAll(/<(?:input|button)\b[^>]*>/g)].map(([tag]) => ({
    name: attribute(tag, 'name'),
    value: attribute(tag, 'value'),
    hidden: attribute(tag, 'type') === 'hidden',
  }));
  const hidden = fields.filter((field) => field.hidden).map(({ name, value }) => [name, value]);
  return {
    action: new URL(unescapeHtml(action), url).href,
    names: fields.map(({ name }) => name),
    hidden: Object.fromEntries(hidden) as Record<string, string>,
  };
}

const attribute = (tag: string, name: string) => unescapeHtml(new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1] ?? '');

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

const unescapeHtml = (text: string) =>
  text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => ENTITIES[name] ?? '');

/** What a reader sees of a page. */
export const textOf = (html: string) =>
  unescapeHtml(
    html
      .replace(/<(style|head)\b.*?<\/\1>/gs, '')
      .replace(/<[^>]+>/g, ' ')
      .replace(/\s+/g, ' '),
  ).trim();
