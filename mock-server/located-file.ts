/** A YAML or JSON file that remembers where each member stands, so that a mistake can be named by file, line and member. */
import { readFileSync } from 'node:fs';
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';

export class LocatedFile {
  readonly path: string;
  readonly value: unknown;
  readonly #lineOf: (member: (string | number)[]) => number | undefined;

  private constructor(path: string, value: unknown, lineOf: (member: (string | number)[]) => number | undefined) {
    this.path = path;
    this.value = value;
    this.#lineOf = lineOf;
  }

  /** Throws an Error whose message names the file, and the line where the text is broken. */
  static read(path: string): LocatedFile {
    const lines = new LineCounter();
    const document = parseDocument(readText(path), { lineCounter: lines });
    const [error] = document.errors;
    if (error)
      throw new Error(`${path}:${lines.linePos(error.pos[0]).line}: ${error.message.split(/ at line \d|\n/)[0]}`);
    return new LocatedFile(path, document.toJS(), (member) => {
      for (let depth = member.length; depth >= 0; depth -= 1) {
        const start = startOf(document, member.slice(0, depth));
        if (start !== undefined) return lines.linePos(start).line;
      }
      return undefined;
    });
  }

  /** `file:line: member`. */
  place(member: (string | number)[]): string {
    const line = this.#lineOf(member);
    const name = member.reduce<string>(
      (path, step) => (typeof step === 'number' ? `${path}[${step}]` : path === '' ? step : `${path}.${step}`),
      '',
    );
    return `${this.path}${line === undefined ? '' : `:${line}`}: ${name === '' ? 'the file' : name}`;
  }
}

/** Where a member begins: at its name, where it has one. */
function startOf(document: Document.Parsed, member: (string | number)[]): number | undefined {
  const parent: unknown = member.length > 1 ? document.getIn(member.slice(0, -1), true) : document.contents;
  const last = member.at(-1);
  if (isMap(parent) && last !== undefined) {
    const pair = parent.items.find(({ key }) => isScalar(key) && key.value === last);
    return isNode(pair?.key) ? pair.key.range?.[0] : undefined;
  }
  const node: unknown = last === undefined ? document.contents : document.getIn(member, true);
  return isNode(node) ? node.range?.[0] : undefined;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : code;
    throw new Error(`cannot read "${path}": ${why}`, { cause });
  }
}
