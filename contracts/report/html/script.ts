/** What the page does in a browser: filters, sorts and opens rows. It puts text into the page as text alone. */
export const script = String.raw`'use strict';
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
/** An element: its attributes, then its children, texts among them. */
const make = (name, attributes = {}, ...children) => {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children.filter((child) => child !== undefined));
  return element;
};
/** Characters that hide or turn text around are shown by their number. */
const shown = (text) => String(text).replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff]/g,
  (character) => '\\u' + character.charCodeAt(0).toString(16).padStart(4, '0'));
const pretty = (body) => { try { return JSON.stringify(JSON.parse(body), null, 2); } catch { return body; } };

const body = $('#rows tbody');
const form = $('#filter');
const rows = body ? $$(':scope > tr', body) : [];
const words = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));
const opened = new Map();

function filter() {
  const wanted = new FormData(form);
  const text = wanted.get('text').trim().toLowerCase().split(/\s+/);
  const standings = $$('[data-standing][aria-pressed=true]', form).map((button) => button.dataset.standing);
  let count = 0;
  for (const row of rows) {
    const fits = [...wanted].every(([name, value]) => name === 'text' || value === '' || row.dataset[name] === value) &&
      (standings.length === 0 || standings.includes(row.dataset.standing)) &&
      text.every((word) => words.get(row).includes(word));
    row.hidden = !fits;
    if (opened.has(row)) opened.get(row).hidden = !fits || $('.open', row).ariaExpanded !== 'true';
    if (fits) count += 1;
  }
  $('#count').textContent = count === rows.length ? count + ' checks' : count + ' of ' + rows.length + ' checks';
  $('#none').hidden = count > 0;
}

function reset() {
  form.reset();
  for (const button of $$('[aria-pressed]', form)) button.ariaPressed = 'false';
  filter();
}

function sort(column, header) {
  const falling = header.ariaSort === 'ascending';
  for (const other of $$('thead th')) other.removeAttribute('aria-sort');
  header.ariaSort = falling ? 'descending' : 'ascending';
  const keyOf = (row) => row.cells[column].dataset.sort ?? row.cells[column].textContent;
  const order = new Intl.Collator('en', { numeric: true });
  const sorted = rows.toSorted((one, other) => order.compare(keyOf(one), keyOf(other)) * (falling ? -1 : 1));
  body.append(...sorted.flatMap((row) => opened.has(row) ? [row, opened.get(row)] : [row]));
}

let unpacked;
/** Once, at the first row that is opened. */
const details = () => unpacked ??= (async () => {
  const bytes = Uint8Array.from(atob($('#details').textContent), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return JSON.parse(await new Response(stream).text());
})();

async function toggle(row, open = $('.open', row).ariaExpanded !== 'true') {
  const all = await details();
  if (!opened.has(row)) {
    const id = 'details-of-' + row.id;
    const cell = make('td', { colspan: row.cells.length }, ...detailsOf(all[Number($('th', row).dataset.sort)]));
    opened.set(row, make('tr', { id, class: 'details' }, cell));
    row.after(opened.get(row));
    $('.open', row).setAttribute('aria-controls', id);
  }
  $('.open', row).ariaExpanded = String(open);
  opened.get(row).hidden = !open;
}

function detailsOf({ id, facts, difference, patch, sides }) {
  const most = Math.max(0, ...sides.map(({ exchanges }) => exchanges.length));
  return [
    make('dl', { class: 'facts' }, ...[...facts, ['more', 'sidetone explain ' + id]].map(([name, value]) =>
      make('div', {}, make('dt', {}, name), make('dd', {}, shown(value))))),
    ...(difference.length > 0 ? [make('h3', {}, 'How the answers differ'), differenceOf(difference)] : []),
    ...(patch ? [make('h3', {}, 'A change to openapi.yaml that would declare it'), make('pre', {}, shown(patch))] : []),
    ...Array.from({ length: most }, (_, index) => [
      make('h3', {}, 'Request ' + (index + 1) + ' of ' + most),
      make('div', { class: 'pair' }, ...sides.map(({ role, exchanges }) => exchangeOf(role, exchanges[index]))),
    ]).flat(),
    ...(most === 0 ? [make('p', {}, 'Nothing was asked for this check alone.')] : []),
  ];
}

function differenceOf(difference) {
  const cells = ({ exchange, request, kind, where, mock, real }) => [exchange + 1 + '. ' + request, kind, where, mock, real];
  const heads = ['request', 'in', 'where', 'mock', 'real'].map((name) => make('th', { scope: 'col' }, name));
  const lines = difference.map((one) => make('tr', {}, ...cells(one).map((text) => make('td', {}, make('code', {}, shown(text))))));
  return make('div', { class: 'scroll' }, make('table', {}, make('thead', {}, make('tr', {}, ...heads)), make('tbody', {}, ...lines)));
}

function exchangeOf(role, exchange) {
  if (!exchange) return make('div', {}, make('h4', {}, role), make('p', {}, 'not asked'));
  const { request, response, error, curl, milliseconds } = exchange;
  const message = (first, { headers, body: content }) => {
    const lines = headers.flatMap(([name, values]) => [values].flat().map((value) => name + ': ' + value));
    return make('pre', { tabindex: '0' }, shown([first, ...lines, ...(content ? ['', pretty(content)] : [])].join('\n')));
  };
  return make('div', {},
    make('h4', {}, role + ': ' + (response ? response.status : 'no answer') + ' in ' + milliseconds + ' ms'),
    message(request.method + ' ' + request.url, request),
    make('h4', {}, 'Answer'),
    response ? message('HTTP ' + response.status, response) : make('pre', {}, shown(error ?? 'none')),
    make('h4', {}, 'Again'), curlLine(curl));
}

function curlLine(curl) {
  const line = make('pre', { class: 'again', tabindex: '0' }, shown(curl));
  const button = make('button', { type: 'button' }, 'Copy');
  button.onclick = async () => {
    getSelection().selectAllChildren(line);
    button.textContent = await navigator.clipboard.writeText(curl).then(() => 'Copied', () => 'Selected');
  };
  return make('div', { class: 'curl' }, line, button);
}

/** A row that the address names is opened. */
function openNamed() {
  const row = rows.find(({ id }) => id === decodeURIComponent(location.hash.slice(1)));
  if (row) toggle(row, true).then(() => row.scrollIntoView());
}

if (form) {
  form.hidden = false;
  form.oninput = filter;
  form.onsubmit = (event) => event.preventDefault();
  for (const button of $$('.reset')) button.onclick = reset;
  for (const button of $$('[aria-pressed]', form)) {
    button.onclick = () => { button.ariaPressed = String(button.ariaPressed !== 'true'); filter(); };
  }
  $$('#rows > thead th').forEach((header, column) => {
    const button = $('button', header);
    button.disabled = false;
    button.onclick = () => sort(column, header);
  });
  for (const row of rows) {
    const button = $('.open', row);
    button.disabled = false;
    button.onclick = () => toggle(row);
  }
  onhashchange = openNamed;
  openNamed();
}
`;
