/** Live requests: what was asked and answered, the latest first, and one of them opened beside. */
import { showDetail } from './detail.js';
import { button, h, note, put, said, select, sureButton } from './elements.js';
import { count, kindOf, milliseconds, statusText, timeOfDay, urlOf } from './format.js';
import { keyOf } from './stream.js';
import { drawCounts } from './timeline-picture.js';

/** Rows that are drawn; the others are counted. */
const MOST_DRAWN = 1000;
/** Milliseconds between two drawings while more comes than is shown. */
const FLOOD = 180;
const CLASSES = ['2', '3', '4', '5', '0'];
const PROVIDERS = [
  ['', 'every provider'],
  ['sipgate', 'sipgate'],
  ['sipsim', 'SIPSIM'],
  ['shortForm', 'short form'],
];

export function show(app, main) {
  const { stream, api } = app;
  const drawn = new Map();
  let paused;
  let opened = '';
  let flush;
  const queued = [];

  const text = h('input', {
    type: 'search',
    placeholder: 'Filter: path, operation, client, reason …  ( / )',
    oninput: redraw,
    'aria-label': 'Filter by text',
  });
  const provider = select(PROVIDERS, { onchange: redraw, 'aria-label': 'Provider' });
  const namespace = select(
    [
      ['*', 'every namespace'],
      ['', 'no namespace'],
    ],
    { onchange: redraw, 'aria-label': 'Namespace' },
  );
  const classes = new Map(CLASSES.map((digit) => [digit, h('input', { type: 'checkbox', onchange: redraw })]));
  const pause = button('Pause', togglePause, { 'aria-pressed': 'false', title: 'p' });
  const counted = h('output', { class: 'muted' });
  const body = h('tbody', { onkeydown: move });
  const empty = h('p', { class: 'empty' });
  const detail = h('aside', { class: 'detail', 'aria-label': 'The opened request', hidden: true });
  const strip = h('a', { href: '#timeline', class: 'strip', 'aria-label': 'Requests per second: the timeline' });
  const table = h(
    'table',
    { class: 'requests' },
    h('caption', { class: 'away' }, 'Requests, the latest first'),
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        ['Status', 'Request', 'Operation', 'Client', 'Time', 'Took'].map((title) => h('th', { scope: 'col' }, title)),
      ),
    ),
    body,
  );
  main.append(
    strip,
    h(
      'div',
      { class: 'toolbar' },
      h('span', { class: 'grow' }, text),
      h(
        'span',
        { class: 'chips', role: 'group', 'aria-label': 'Status' },
        CLASSES.map((digit) =>
          h('label', { class: `toggle s${digit}` }, classes.get(digit), digit === '0' ? 'none' : `${digit}xx`),
        ),
      ),
      provider,
      namespace,
      pause,
      sureButton(
        'Empty',
        async () => {
          await api.ask('DELETE', '/requests');
          note('The journal is empty.');
        },
        { title: 'Empties the journal of the namespace that is steered' },
      ),
      counted,
    ),
    h('div', { class: 'split' }, h('div', { class: 'list' }, table, empty), detail),
  );

  const source = () => paused ?? stream.rows;

  function wanted() {
    const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const digits = CLASSES.filter((digit) => classes.get(digit).checked);
    return (row) =>
      (provider.value === '' || row.provider === provider.value) &&
      (namespace.value === '*' || row.namespace === namespace.value) &&
      (digits.length === 0 || (row.status !== null && digits.includes(String(row.status)[0]))) &&
      (words.length === 0 || words.every((word) => wordsOf(row).includes(word)));
  }

  function redraw() {
    queued.length = 0;
    drawn.clear();
    const found = source().filter(wanted()).slice(-MOST_DRAWN);
    put(body, found.reverse().map(drawRow));
    sayCount();
  }

  function drawRow(row) {
    const element = lineOf(row, opened === keyOf(row));
    drawn.set(keyOf(row), element);
    return element;
  }

  function addRows(rows) {
    const matches = wanted();
    const fresh = [];
    for (const row of rows) {
      const old = drawn.get(keyOf(row));
      if (old) {
        const focused = old.contains(document.activeElement);
        const element = drawRow(row);
        old.replaceWith(element);
        if (focused) element.querySelector('a').focus();
      } else if (matches(row)) fresh.unshift(drawRow(row));
    }
    body.prepend(...fresh);
    while (body.childElementCount > MOST_DRAWN) {
      drawn.delete(body.lastElementChild.dataset.key);
      body.lastElementChild.remove();
    }
  }

  /** In a flood the browser has other things to do than to draw each drop. */
  function take({ rows, left }) {
    queued.push(...rows);
    if (left === 0 && flush === undefined) return drawQueued();
    flush ??= setTimeout(drawQueued, FLOOD);
  }

  function drawQueued() {
    clearTimeout(flush);
    flush = undefined;
    addRows(queued.splice(0));
    sayCount();
  }

  function sayCount() {
    // By its key: a row that was open when the list stood still is another one by now.
    const last = paused?.at(-1);
    const known = last ? stream.rows.findLastIndex((row) => keyOf(row) === keyOf(last)) + 1 : 0;
    const waiting = paused ? stream.rows.length - known : 0;
    const left = stream.left > 0 ? `, ${stream.left} too fast to show` : '';
    const shown =
      drawn.size === source().length
        ? count(drawn.size, 'request')
        : `${drawn.size} of ${count(source().length, 'request')}`;
    put(counted, shown, left, waiting > 0 && `, ${waiting} waiting`);
    empty.hidden = drawn.size > 0;
    if (drawn.size === 0) {
      put(
        empty,
        source().length > 0
          ? 'No request is like that.'
          : ['No request yet. ', h('a', { href: '#try' }, 'Try one'), ', or point your program here.'],
      );
    }
  }

  function listNamespaces() {
    const known = new Set([...namespace.options].map(({ value }) => value));
    for (const row of stream.rows.slice(-50)) {
      if (!known.has(row.namespace)) namespace.append(h('option', { value: row.namespace }, `~${row.namespace}`));
      known.add(row.namespace);
    }
    namespace.hidden = known.size < 3;
  }

  function togglePause() {
    paused = paused ? undefined : [...stream.rows];
    pause.setAttribute('aria-pressed', String(paused !== undefined));
    put(pause, paused ? 'Go on' : 'Pause');
    redraw();
  }

  function close() {
    opened = '';
    detail.hidden = true;
    main.querySelector('.split').classList.remove('opened');
    put(detail);
  }

  async function route(way) {
    const before = opened;
    for (const line of body.querySelectorAll('[aria-selected]')) line.removeAttribute('aria-selected');
    if (way.length < 2) {
      close();
      return drawn.get(before)?.querySelector('a').focus();
    }
    const [name, id] = way;
    opened = `${name}/${id}`;
    drawn.get(opened)?.setAttribute('aria-selected', 'true');
    detail.hidden = false;
    main.querySelector('.split').classList.add('opened');
    await showDetail(app, detail, { namespace: name, id });
  }

  /** Up and down through the rows, as in a list. */
  function move(event) {
    const step = {
      ArrowDown: 'nextElementSibling',
      j: 'nextElementSibling',
      ArrowUp: 'previousElementSibling',
      k: 'previousElementSibling',
    }[event.key];
    const to = step && event.target.closest('tr')?.[step]?.querySelector('a');
    if (!to) return;
    event.preventDefault();
    to.focus();
    if (opened !== '') app.go(to.hash);
  }

  body.addEventListener('click', (event) => {
    const line = event.target.closest('tr');
    if (line && !event.target.closest('a') && String(getSelection()) === '') app.go(line.querySelector('a').hash);
  });
  listNamespaces();
  redraw();
  drawCounts(strip, stream);
  return {
    route,
    news: (news) => {
      if (news.forgot || news.emptied?.length > 0 || news.first) redraw();
      else if (!paused) take(news);
      listNamespaces();
      sayCount();
      if (news.rows?.some((row) => keyOf(row) === opened)) route(opened.split('/'));
    },
    tick: () => drawCounts(strip, stream),
    close: () => clearTimeout(flush),
    key: (event) => {
      if (event.key === 'Escape') return opened === '' ? event.target.blur() : app.go('live');
      if (event.key === '/') text.focus();
      else if (event.key === 'p') togglePause();
      else if (event.key === 'j' && !body.contains(document.activeElement)) body.querySelector('a')?.focus();
      else return;
      event.preventDefault();
    },
  };
}

const wordsOf = (row) =>
  [
    row.method,
    urlOf(row),
    row.operation,
    row.status,
    row.client,
    row.reason,
    row.fault?.id,
    row.fault?.kind,
    row.namespace,
  ]
    .join(' ')
    .toLowerCase();

function lineOf(row, selected) {
  const { status, method, operation, client, reason, fault, namespace, dealt } = row;
  const address = `#live/${encodeURIComponent(namespace)}/${row.id}`;
  return h(
    'tr',
    { class: kindOf(status), 'data-key': keyOf(row), ...(selected && { 'aria-selected': 'true' }) },
    h('td', {}, h('span', { class: `pill ${kindOf(status)}` }, statusText(status))),
    h(
      'td',
      { class: 'what' },
      h('a', { href: address }, h('b', {}, said(method)), ' ', said(urlOf(row))),
      h(
        'span',
        { class: 'tags' },
        namespace !== '' && h('span', { class: 'tag' }, said(`~${namespace}`)),
        fault && h('span', { class: 'tag warn' }, said(`fault: ${fault.kind}`)),
        dealt && h('span', { class: 'tag good' }, 'token dealt'),
      ),
      reason && h('span', { class: 'reason' }, said(reason)),
    ),
    h('td', {}, said(operation ?? '–')),
    h('td', {}, said(client ?? '–')),
    h('td', { class: 'number' }, timeOfDay(row.arrivedAt)),
    h('td', { class: 'number' }, milliseconds(row.milliseconds)),
  );
}
