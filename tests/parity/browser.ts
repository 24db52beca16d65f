/** As much of a browser as a login needs: cookies, forms, and redirects that stay on the server's own origin. */

import { type Form, readPage } from '../../contracts/difference/page.ts';
import { type Answer, encode, type Fields, headerOf, type Question } from './exchange.ts';

export interface Browser {
  /** Asks with this browser's cookies; follows redirects as far as the server itself goes on. */
  go(question: Question): Promise<Answer>;
  /** Sends the page's form, filled in. @throws if the page has no form. */
  submit(page: Answer, fields: Record<string, string>): Promise<Answer>;
  /** Cookies by name, to look at or to take away. */
  cookies: Map<string, string>;
}

export function createBrowser(ask: (question: Question) => Promise<Answer>): Browser {
  const cookies = new Map<string, string>();
  const once = async (question: Question) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await ask({ ...question, headers: { ...question.headers, cookie } });
    for (const [name, line] of answer.headers) if (name.toLowerCase() === 'set-cookie') keep(cookies, line);
    return answer;
  };
  const go = async (question: Question): Promise<Answer> => {
    let answer = await once(question);
    for (let hops = 0; hops < 5; hops += 1) {
      const next = ownRedirect(answer);
      if (next === undefined) return answer;
      answer = await once({ path: next });
    }
    throw new Error(`${question.path} redirects without end`);
  };
  return {
    cookies,
    go,
    submit: (page, fields) => {
      const form = readPage(page.body).forms[0];
      if (!form) throw new Error(`no form to fill in: ${page.status} ${page.url}`);
      return go(filledIn(form, page, fields));
    },
  };
}

function filledIn(form: Form, page: Answer, fields: Record<string, string>): Question {
  const path = new URL(form.action || page.url, page.url).href;
  const given: Fields = [...form.hidden.filter(([name]) => !(name in fields)), ...Object.entries(fields)];
  return form.method === 'POST' ? { path, form: given } : { path: `${path.split('?')[0]}?${encode(given)}` };
}

function ownRedirect({ status, url, headers }: Answer): string | undefined {
  const location = headerOf({ headers }, 'location');
  if (status < 300 || status > 399 || location === undefined) return undefined;
  const target = new URL(location, url);
  return target.origin === new URL(url).origin ? target.href : undefined;
}

/** Host, path and `Secure` do not matter here: one server, one realm, the loopback. */
function keep(cookies: Map<string, string>, line: string): void {
  const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
  const name = pair.slice(0, pair.indexOf('='));
  const value = pair.slice(pair.indexOf('=') + 1);
  const dead = value === '' || attributes.some((attribute) => /^max-age=(?:0|-\d+)$/i.test(attribute));
  if (dead) cookies.delete(name);
  else cookies.set(name, value);
}
