/** What a page of HTML says and asks, read as far as a login needs it: headings, texts, and forms to fill in. */

export interface Page {
  heading: string;
  /** Everything that is to be read on it. */
  text: string;
  /** Texts of list items. */
  items: string[];
  /** Where links lead, as it stands in the page. */
  links: string[];
  forms: Form[];
}

export interface Form {
  /** As it stands in the page. */
  action: string;
  /** In upper case. */
  method: string;
  /** In the page's order; what has no name is never sent. */
  fields: Field[];
}

export interface Field {
  name: string;
  /** In lower case; a button that sends the form is of type `submit`. */
  type: string;
  value: string;
  /** Text of the label that belongs to it. */
  label: string | undefined;
}

export function readPage(html: string): Page {
  return {
    heading: plain(/<h1\b[^>]*>(.*?)<\/h1>/is.exec(html)?.[1] ?? ''),
    text: plain(html.replace(/<(head|script|style)\b.*?<\/\1>/gis, '')),
    items: [...html.matchAll(/<li\b[^>]*>(.*?)<\/li>/gis)].map(([, text]) => plain(text ?? '')),
    links: [...html.matchAll(/<a\b([^>]*)>/gis)].flatMap(([, tag = '']) => attributeOf(tag, 'href') ?? []),
    forms: [...html.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gis)].map(([, tag = '', inner = '']) => ({
      action: attributeOf(tag, 'action') ?? '',
      method: (attributeOf(tag, 'method') ?? 'get').toUpperCase(),
      fields: fieldsOf(inner),
    })),
  };
}

function fieldsOf(html: string): Field[] {
  const labels = [...html.matchAll(/<label\b([^>]*)>(.*?)<\/label>/gis)].map(
    ([, tag = '', text = '']) => [attributeOf(tag, 'for'), plain(text)] as const,
  );
  return [...html.matchAll(/<(input|button)\b([^>]*)>/gis)].flatMap(([, element = '', tag = '']) => {
    const [name, id] = [attributeOf(tag, 'name'), attributeOf(tag, 'id')];
    if (name === undefined || name === '') return [];
    const type = attributeOf(tag, 'type') ?? (element.toLowerCase() === 'button' ? 'submit' : 'text');
    const label = labels.find(([target]) => target !== undefined && target === id)?.[1];
    return [{ name, type: type.toLowerCase(), value: attributeOf(tag, 'value') ?? '', label }];
  });
}

function attributeOf(tag: string, name: string): string | undefined {
  const found = new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, 'i').exec(tag);
  const value = found?.[1] ?? found?.[2] ?? found?.[3];
  return value === undefined ? undefined : decodeReferences(value);
}

const plain = (html: string) =>
  decodeReferences(html.replace(/<[^>]*>/g, ' '))
    .replace(/\s+/g, ' ')
    .trim();

const NAMED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/** Character references, of the named ones those that no page can do without. */
const decodeReferences = (text: string) =>
  text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return NAMED[name] ?? whole;
    return String.fromCodePoint(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16));
  });
