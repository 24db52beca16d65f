/** The line that repeats a request in a shell. Secrets are variables in it: nobody's history shall keep them. */
import type { TracedRequest } from '../trace.ts';

/** What a masked secret is called in a shell: `<secret:3>` -> `SIPGATE_TOKEN`, or `NAME:NAME` for a pair of Basic. */
export type SecretNames = Record<string, string>;

const LABEL = /<secret(?::[^<>]*)?>/g;

/** @returns one command for a POSIX shell, e.g. `curl -i -H 'Accept: text/plain' https://api.sipgate.com/v2/account`. */
export function curlOf({ method, url, headers, body }: TracedRequest, names: SecretNames = {}): string {
  const quote = (text: string) => quoted(text, names);
  const lines = Object.entries(headers).flatMap(([name, values]) =>
    [values].flat().map((value) => [name, value] as const),
  );
  const words = [
    ...(method === 'HEAD' ? ['--head'] : ['-i']),
    ...(method === 'HEAD' || method === (body === undefined ? 'GET' : 'POST') ? [] : ['-X', quote(method)]),
    // Else curl would look for ranges in brackets, and tidy up dots.
    ...(/[[\]{}]/.test(url) ? ['--globoff'] : []),
    ...(/\/\.\.?(?:[/?]|$)/.test(url) ? ['--path-as-is'] : []),
    ...lines.flatMap(([name, value]) => headerWords(name, value, names)),
    ...bodyWords(headers, body, names),
    quote(url),
  ];
  const command = `curl ${words.join(' ')}`;
  // No argument of a program can hold a NUL.
  return body?.includes('\0') ? `printf '${printfText(body)}' | ${command}` : command;
}

function headerWords(name: string, value: string, names: SecretNames): string[] {
  const [, label = ''] = /^Basic (<secret(?::[^<>]*)?>)$/i.exec(value) ?? [];
  if (name.toLowerCase() === 'authorization' && names[label]?.includes(':')) {
    return ['-u', quoted(label, names)];
  }
  // A header that is to be empty ends in a semicolon; without one, curl leaves it out.
  return ['-H', quoted(value === '' ? `${name};` : `${name}: ${value}`, names)];
}

function bodyWords(headers: TracedRequest['headers'], body: string | undefined, names: SecretNames): string[] {
  if (body === undefined) return [];
  const type = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1];
  const without = type === undefined ? ['-H', "'Content-Type:'"] : [];
  if (body.includes('\0')) return [...without, '--data-binary', '@-'];
  const pairs = String(type).startsWith('application/x-www-form-urlencoded') ? pairsOf(body) : undefined;
  if (!pairs) return [...without, '--data-raw', quoted(body, names)];
  // The shell's variable holds the secret itself: curl has to encode it.
  return pairs.flatMap(([name, value]) => ['--data-urlencode', quoted(`${name}=${value}`, names)]);
}

/** The fields of a form, if it holds a secret and says the same after it is encoded again. */
function pairsOf(body: string): [name: string, value: string][] | undefined {
  const labels = body.match(LABEL) ?? [];
  if (labels.length === 0) return undefined;
  // A label would be encoded like any other text: stand-ins are not.
  const standIn = (index: number) => `sidetone.secret.${index}.`;
  let index = 0;
  const text = body.replace(LABEL, () => standIn(index++));
  const params = new URLSearchParams(text);
  if (params.toString() !== text) return undefined;
  const restored = (value: string) => labels.reduce((rest, label, at) => rest.replace(standIn(at), label), value);
  // A name is sent as it stands.
  return [...params].map(([name, value]) => [encodeURIComponent(restored(name)), restored(value)]);
}

/** Literal text in single quotes, secrets as variables in double ones. */
function quoted(text: string, names: SecretNames): string {
  const labels = text.match(LABEL) ?? [];
  const parts = text.split(LABEL).flatMap((literal, index) => {
    const label = labels[index];
    return [
      ...(literal === '' ? [] : [literalOf(literal)]),
      ...(label === undefined ? [] : [`"${variableOf(label, names)}"`]),
    ];
  });
  return parts.join('') || "''";
}

const literalOf = (text: string) =>
  /^(?!=)[\w@%+:,./=-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`).replaceAll('\0', '')}'`;

/** `$SECRET_3` of a secret that has no name: one that the run was dealt, or made up. */
const variableOf = (label: string, names: SecretNames) =>
  (names[label] ?? ['SECRET', ...label.slice(1, -1).split(':').slice(1)].join('_').replaceAll(/\W/g, '_'))
    .split(':')
    .map((name) => `$${name}`)
    .join(':');

/** For printf of a POSIX shell. */
const printfText = (text: string) =>
  text.replaceAll('\\', '\\\\').replaceAll('%', '%%').replaceAll("'", String.raw`'\''`).replaceAll('\0', '\\000');
