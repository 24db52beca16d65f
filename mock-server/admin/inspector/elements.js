/** Makes elements. Whatever is given as a child becomes text: nothing that a client has sent is ever read as markup. */

const SVG = 'http://www.w3.org/2000/svg';

/**
 * @param {string} tag
 * @param {Record<string, unknown>} attributes `on…` functions are listeners; false, null and undefined are left out
 * @param {...unknown} children elements, texts, lists of them; false, null and undefined are left out
 */
export const h = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);

/** The same for pictures. */
export const svg = (tag, attributes = {}, ...children) =>
  fill(document.createElementNS(SVG, tag), attributes, children);

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined || name === 'value') continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'checked') element.checked = value;
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  add(element, children);
  // Last: a select can only have a value that is among its options.
  if (attributes.value !== undefined && attributes.value !== null) element.value = attributes.value;
  return element;
}

function add(element, children) {
  for (const child of children.flat(9)) {
    if (child === false || child === null || child === undefined) continue;
    element.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

/** Puts other children in the place of those that are there. */
export function put(element, ...children) {
  element.replaceChildren();
  add(element, children);
  return element;
}

// Marks that change the direction of what follows, or are not seen at all.
const UNSEEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/** Text of others: what cannot be seen is written out, so that it neither hides nor turns anything. */
export const seen = (text) =>
  String(text).replace(UNSEEN, (mark) => `⟨U+${mark.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}⟩`);

/** Text of others in a line. */
export const said = (text, attributes = {}) => h('bdi', attributes, seen(text));

export const button = (text, onclick, attributes = {}) => h('button', { type: 'button', onclick, ...attributes }, text);

/** A label with its control. */
export const field = (text, control, attributes = {}) =>
  h('label', { class: 'field', ...attributes }, h('span', {}, text), control);

export const select = (options, attributes = {}) =>
  h(
    'select',
    attributes,
    options.map(([value, text]) => h('option', { value }, seen(text ?? value))),
  );

/** A button that copies; `text` is asked when it is pressed. */
export const copier = (label, text, attributes = {}) =>
  button(
    label,
    async (event) => {
      const pressed = event.currentTarget;
      await copy(typeof text === 'function' ? await text() : text);
      const before = pressed.textContent;
      pressed.textContent = 'Copied';
      setTimeout(() => {
        pressed.textContent = before;
      }, 1200);
    },
    attributes,
  );

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Off loopback without TLS a page has no clipboard of its own.
    const area = h('textarea', { value: text, class: 'away' });
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
}

/** A short note at the edge of the page, for eyes and screen readers. */
export function note(text, kind = '') {
  const line = h('p', { class: `note ${kind}` }, seen(text));
  document.getElementById('notes').append(line);
  setTimeout(() => line.remove(), kind === 'bad' ? 9000 : 4000);
}

/** A button that does something only when it is pressed twice. */
export function sureButton(text, act, attributes = {}) {
  let timer;
  const pressed = button(
    text,
    () => {
      clearTimeout(timer);
      if (pressed.dataset.sure) {
        calm();
        return act();
      }
      pressed.dataset.sure = 'yes';
      pressed.textContent = 'Sure?';
      timer = setTimeout(calm, 4000);
    },
    attributes,
  );
  const calm = () => {
    delete pressed.dataset.sure;
    pressed.textContent = text;
  };
  return pressed;
}
