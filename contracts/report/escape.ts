/** Text of servers, made harmless for those who read reports. */

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROLS = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]|\p{Surrogate}|[\ufffe\uffff]/gu;
/** They make text look like another one: direction marks (Unicode TR #36 §2.6) and characters without a width. */
const INVISIBLE = /[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** Without what neither XML nor a terminal has a place for. */
export const printable = (text: string): string => text.replace(CONTROLS, '\ufffd');

/** As the content of an element, or of an attribute in double quotes. */
export const htmlText = (text: string): string =>
  printable(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
    .replace(INVISIBLE, (character) => `\\u${character.charCodeAt(0).toString(16)}`);

/** In Markdown: one line, and no mark of it or of HTML. */
export const markdownText = (text: string): string =>
  htmlText(text)
    .replace(/[\\`*_{}[\]()+!|~@]/g, (mark) => `&#${mark.charCodeAt(0)};`)
    .replace(/:\/\//g, '&#58;//')
    .replace(/\s+/g, ' ');
