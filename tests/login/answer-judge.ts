/** What no answer of the login server may ever be, whatever was asked. */
import type { RandomRequest } from './request-generator.ts';
import { SCRIPT } from './request-values.ts';

export interface Judged {
  /** Status and what it came with, to count what was reached. */
  kind: string;
  complaints: string[];
}

/** @param registered by client id, the hosts that it may send browsers to; `*` for every other client */
export async function askAndJudge(
  origin: string,
  request: RandomRequest,
  registered: Record<string, string[]>,
): Promise<Judged> {
  const { method, path, headers, body } = request;
  const answer = await fetch(origin + path, {
    method,
    headers,
    redirect: 'manual',
    ...(body !== undefined && { body }),
  });
  const text = await answer.text();
  const type = answer.headers.get('content-type') ?? '';
  const target = answer.headers.get('location') ?? formAction(text);
  const complaints = [...badContent(request, type, text)];
  if (answer.status >= 500) complaints.push(`status ${answer.status}: ${text.slice(0, 300)}`);
  if (answer.headers.getSetCookie().some((line) => line.startsWith('evil')))
    complaints.push('a cookie was smuggled in');
  if (target !== undefined && !mayGoTo(target, { origin, request, registered })) {
    complaints.push(`it leads to ${target}, which ${request.sent.get('client_id') ?? 'nobody'} has not registered`);
  }
  return { kind: kindOf(answer.status, type, target, text), complaints };
}

/** Pages are for the endpoints that browsers visit; everything else is JSON, or empty. */
function badContent({ endpoint }: RandomRequest, type: string, text: string): string[] {
  if (text === '') return [];
  if (type.startsWith('application/json')) return isJson(text) ? [] : [`no JSON: ${text.slice(0, 100)}`];
  if (!type.startsWith('text/html') || !['auth', 'logout'].includes(endpoint)) return [`a body of type "${type}"`];
  return text.includes(SCRIPT) ? ['the script came back as a script'] : [];
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Where the page of `response_mode=form_post` sends the browser. */
const formAction = (html: string) =>
  html.includes('OIDC Form_Post') ? /<form method="post" action="([^"]*)"/.exec(html)?.[1] : undefined;

interface Ground {
  origin: string;
  request: RandomRequest;
  registered: Record<string, string[]>;
}

/** By what a browser makes of the address, not by how the fake compares it. */
function mayGoTo(target: string, { origin, request: { sent }, registered }: Ground): boolean {
  // A port beyond all ports, say: nobody gets anywhere by it.
  if (!URL.canParse(target, origin)) return true;
  const url = new URL(target, origin);
  if (url.origin === origin && url.pathname.startsWith('/auth/realms/')) return true;
  const hosts = registered[sent.get('client_id') ?? ''] ?? registered['*'] ?? [];
  return hosts.includes(`${url.protocol}//${url.hostname}`) && url.username === '' && url.password === '';
}

function kindOf(status: number, type: string, target: string | undefined, text: string): string {
  if (target !== undefined) {
    const { code, error, is } = /[?#&](?<is>code|error)=(?:(?<error>[a-z_]+)(?=&))?/.exec(target)?.groups ?? {};
    return `${status} ${is === 'error' ? error : (code ?? is ?? 'elsewhere')}`;
  }
  if (!type.startsWith('application/json')) return `${status} ${type.split(';')[0]}`.trim();
  return `${status} ${JSON.parse(text).error ?? 'JSON'}`;
}
