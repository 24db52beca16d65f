/** What a page says and asks, read from its HTML: enough to fill in a form and to compare two servers' pages. */

export interface Form {
  action: string;
  method: string;
  /** Name and value of each field that a browser would send untouched. */
  hidden: [name: string, value: string][];
  /** Names of all fields that can be filled in or pressed. */
  fields: string[];
}

export interface Page {
  title: string;
  heading: string;
  /** What the page tells apart from its headings: errors and questions. */
  messages: string[];
  forms: Form[];
  /** Texts of list items: what a consent page asks for. */
  items: string[];
}

export function readPage(html: string): Page {
  const messages = [...html.matchAll(MESSAGE)].map(([, , text]) => plain(text ?? '')).filter((text) => text !== '');
  return {
    title: plain(/<title[^>]*>(.*?)<\/title>/is.exec(html)?.[1] ?? ''),
    heading: plain(/<h1[^>]*>(.*?)<\/h1>/is.exec(html)?.[1] ?? ''),
    messages: [...new Set(messages)],
    forms: [...html.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gis)].map(([, attributes = '', inner = '']) => ({
      action: attributeOf(attributes, 'action'),
      method: attributeOf(attributes, 'method').toUpperCase() || 'GET',
      ...fieldsOf(inner),
    })),
    items: [...html.matchAll(/<li\b[^>]*>(.*?)<\/li>/gis)].map(([, text]) => plain(text ?? '')),
  };
}

/** Elements of Keycloak's base theme that carry a message, and what any accessible page marks as one. */
const MESSAGE =
  /<(p|div|span)\b[^>]*(?:role="(?:alert|status)"|class="[^"]*(?:instruction|feedback-text|alert__title)[^"]*"|id="input-error[^"]*")[^>]*>(.*?)<\/\1>/gis;

function fieldsOf(html: string): Pick<Form, 'hidden' | 'fields'> {
  const tags = [...html.matchAll(/<(?:input|button|select|textarea)\b([^>]*)>/gis)].map(([, attributes = '']) => ({
    name: attributeOf(attributes, 'name'),
    value: attributeOf(attributes, 'value'),
    hidden: attributeOf(attributes, 'type').toLowerCase() === 'hidden',
  }));
  const named = tags.filter(({ name }) => name !== '');
  return {
    hidden: named.filter(({ hidden }) => hidden).map(({ name, value }) => [name, value]),
    fields: named.filter(({ hidden }) => !hidden).map(({ name }) => name),
  };
}

function attributeOf(attributes: string, name: string): string {
  const found = new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s>]+))`, 'i').exec(attributes);
  return decodeEntities(found?.[1] ?? found?.[2] ?? found?.[3] ?? '');
}

const plain = (html: string) =>
  decodeEntities(html.replace(/<[^>]*>/g, ' '))
    .replace(/\s+/g, ' ')
    .trim();

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

const decodeEntities = (text: string) =>
  text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return ENTITIES[name] ?? whole;
    return String.fromCodePoint(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16));
  });
