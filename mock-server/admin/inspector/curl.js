/** A recorded request as a curl command. Its secrets are variables: whoever pastes it says what they are. */

const LABEL = /\[secret:[0-9a-f]{6}\]/g;
/** What curl writes by itself, or what belongs to one connection. */
const NOT_AGAIN = /^(?:host|connection|content-length|transfer-encoding|keep-alive|expect)$/i;

/**
 * What was meant for a vendor's host is sent to the fake again, in absolute form: pasted, it never gets to the vendor.
 * @param entry of the journal
 * @param {{ origin: string, prefix: string, namespace: string }} world '' for no namespace
 */
export function toCurl({ method, host, path, query, request }, { origin, prefix, namespace }) {
  const names = new Map();
  const lines = [`curl -i${method === 'GET' ? '' : method === 'HEAD' ? ' -I' : ` -X ${quoted(method, names)}`}`];
  for (const [name, value] of request.headers) {
    if (NOT_AGAIN.test(name) || (host !== null && NAMES_NAMESPACE.test(name))) continue;
    lines.push(`-H ${quoted(value === '' ? `${name};` : `${name}: ${value}`, names, headerName(name, value))}`);
  }
  if (request.body !== null) lines.push(`--data-binary ${quoted(request.body, names)}`);
  const target = `${path}${query === '' ? '' : `?${query}`}`;
  if (host === null) lines.push(quoted(origin + prefix + target, names));
  else {
    if (namespace !== '') lines.push(`-H ${quoted(`x-sidetone-namespace: ${namespace}`, names)}`);
    lines.push(`--request-target ${quoted(`https://${host}${target}`, names)}`, quoted(`${origin}/`, names));
  }
  const told = [...names].map(([label, name]) => `${name}='…'  # ${label.slice(1, -1)}`);
  return [...told, lines.join(' \\\n  ')].join('\n');
}

/** Said anew. */
const NAMES_NAMESPACE = /^(?:x-sidetone-namespace|proxy-authorization)$/i;

const headerName = (name, value) => {
  if (!/^(?:proxy-)?authorization$/i.test(name)) return name;
  return /^basic /i.test(value) ? 'BASIC_CREDENTIALS' : 'TOKEN';
};

/**
 * One word for a POSIX shell: single quotes, with a variable in double quotes for each secret. What a terminal would
 * obey is written as an escape.
 */
function quoted(text, names, hint) {
  const parts = [];
  let from = 0;
  for (const { 0: label, index } of text.matchAll(LABEL)) {
    parts.push(literal(text.slice(from, index)), `"$${nameFor(label, text.slice(0, index), names, hint)}"`);
    from = index + label.length;
  }
  parts.push(literal(text.slice(from)));
  return parts.join('') || "''";
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

function literal(text) {
  if (text === '') return '';
  if (!UNSAFE.test(text)) return `'${text.replaceAll("'", `'\\''`)}'`;
  const escaped = [...text].map((mark) => {
    if (mark === '\\' || mark === "'") return `\\${mark}`;
    return UNSAFE.test(mark)
      ? [...new TextEncoder().encode(mark)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')
      : mark;
  });
  // A part that ends in \x.. must not swallow a digit that follows.
  return `$'${escaped.join('').replace(/(\\x[0-9a-f]{2})(?=[0-9a-f])/gi, "$1'$$'")}'`;
}

/** Named after the parameter, member or header that it is the value of; the same secret has the same name. */
function nameFor(label, before, names, hint) {
  const known = names.get(label);
  if (known) return known;
  const place = /([A-Za-z_][\w-]*)(?:=|"\s*:\s*")$/.exec(before)?.[1] ?? hint ?? 'SECRET';
  const wanted = place
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toUpperCase();
  const taken = new Set(names.values());
  let name = wanted;
  for (let number = 2; taken.has(name); number += 1) name = `${wanted}_${number}`;
  names.set(label, name);
  return name;
}
