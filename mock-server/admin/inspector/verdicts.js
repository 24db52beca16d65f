/** Verdicts: a JSON report of verify as a matrix, with the differences between the sides. */
import { h, note, put, said, select } from './elements.js';
import { differs, fails, readReport } from './report.js';

/** Differences first, then failures, then the rest. */
const SHOWN = {
  all: ['every check', () => true],
  differs: ['where the sides differ', differs],
  fails: ['what failed', fails],
  'not-run': [
    'what was not run',
    ({ verdicts }) => Object.values(verdicts).some(({ outcome }) => outcome === 'not-run'),
  ],
};

export async function show({ api }, main) {
  let report;
  const place = h('div');
  const file = h('input', {
    type: 'file',
    accept: 'application/json,.json',
    'aria-label': 'A report',
    id: 'report-file',
    onchange: () => load(file.files[0]),
  });
  const drop = h(
    'div',
    { class: 'drop' },
    h('label', { for: 'report-file' }, 'A report of ', h('code', {}, 'sidetone verify --report json'), ':'),
    file,
    h('span', { class: 'muted' }, 'or drop it here. It stays in this browser.'),
  );
  drop.addEventListener('dragover', (event) => {
    event.preventDefault();
    drop.classList.add('over');
  });
  drop.addEventListener('dragleave', () => drop.classList.remove('over'));
  drop.addEventListener('drop', (event) => {
    event.preventDefault();
    drop.classList.remove('over');
    load(event.dataTransfer.files[0]);
  });
  main.append(h('section', { class: 'card' }, drop), place);

  async function load(chosen) {
    if (!chosen) return;
    try {
      report = readReport(JSON.parse(await chosen.text()));
      put(place, matrix(report, chosen.name));
    } catch (error) {
      put(
        place,
        h(
          'p',
          { class: 'empty bad', role: 'alert' },
          error instanceof SyntaxError ? `${chosen.name} is no JSON.` : error.message,
        ),
      );
    }
  }
  const answer = await api.fetch('GET', '/report');
  if (answer.status === 200) {
    try {
      report = readReport(await answer.json());
      put(place, matrix(report, 'the last that this fake was told of'));
    } catch (error) {
      note(error.message, 'bad');
    }
  } else {
    put(
      place,
      h(
        'p',
        { class: 'empty' },
        'This fake was told of no report. Choose a file, or tell it: ',
        h('code', {}, 'PUT /__admin/report'),
        '.',
      ),
    );
  }
  return {};
}

function matrix(report, source) {
  const { sides, rows, exitCode, missing } = report;
  const body = h('tbody');
  const filter = select(
    Object.entries(SHOWN).map(([name, [title, holds]]) => [name, `${title} (${rows.filter(holds).length})`]),
    { onchange: draw, 'aria-label': 'Which checks' },
  );
  const text = h('input', { type: 'search', placeholder: 'Find a check', oninput: draw, 'aria-label': 'Find a check' });
  const counts = new Map();
  for (const { result } of rows) counts.set(result, (counts.get(result) ?? 0) + 1);
  if (rows.some(differs)) filter.value = 'differs';
  else if (rows.some(fails)) filter.value = 'fails';

  function draw() {
    const words = text.value.toLowerCase().split(/\s+/);
    const found = rows
      .filter(SHOWN[filter.value][1])
      .filter(({ check }) =>
        words.every((word) => `${check.id} ${check.title} ${check.operation}`.toLowerCase().includes(word)),
      );
    put(
      body,
      found.map((row) => rowOf(row, sides)),
      found.length === 0 &&
        h('tr', {}, h('td', { colspan: sides.length + 4, class: 'muted' }, 'No check is like that.')),
    );
  }
  draw();
  return h(
    'section',
    { class: 'card' },
    h('h3', {}, 'Verdicts: ', said(source)),
    h(
      'div',
      { class: 'tiles' },
      tile('exit code', exitCode ?? '?'),
      [...counts].sort(([one], [other]) => one.localeCompare(other)).map(([result, number]) => tile(result, number)),
    ),
    missing.length > 0 &&
      h(
        'p',
        { class: 'bad', role: 'alert' },
        `Missing in the report: ${missing.slice(0, 8).join(', ')}${missing.length > 8 ? ` and ${missing.length - 8} more` : ''}.`,
      ),
    h('div', { class: 'toolbar' }, filter, h('span', { class: 'grow' }, text)),
    h(
      'div',
      { class: 'scroll' },
      h(
        'table',
        { class: 'plain matrix' },
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            ['Check', ...sides, 'Blame', 'Deviation', ''].map((title) => h('th', { scope: 'col' }, said(title))),
          ),
        ),
        body,
      ),
    ),
  );
}

const tile = (name, number) =>
  h('div', { class: 'tile', 'data-result': name }, h('b', {}, number), h('span', {}, said(name)));

function rowOf(row, sides) {
  const { check, verdicts, blame, deviation } = row;
  const toggle = h(
    'button',
    { type: 'button', class: 'plain', 'aria-expanded': 'false', 'aria-label': `Details of ${check.id}` },
    '▸',
  );
  const line = h(
    'tr',
    { class: 'row' },
    h(
      'td',
      { class: 'title' },
      h('code', {}, said(check.id)),
      ' ',
      check.level && h('span', { class: 'tag' }, said(check.level)),
      h('div', { class: 'muted' }, said(check.title)),
    ),
    sides.map((side) =>
      h(
        'td',
        {},
        verdicts[side]
          ? h('span', { class: `tag ${verdicts[side].outcome}` }, said(verdicts[side].outcome))
          : h('span', { class: 'muted' }, 'not there'),
      ),
    ),
    h('td', {}, said(blame ?? '')),
    h(
      'td',
      {},
      deviation && h('span', { class: `tag ${deviation.state === 'known' ? 'info' : 'bad'}` }, said(deviation.state)),
    ),
    h('td', {}, toggle),
  );
  line.addEventListener('click', () => {
    const open = toggle.getAttribute('aria-expanded') === 'true';
    toggle.setAttribute('aria-expanded', String(!open));
    put(toggle, open ? '▸' : '▾');
    if (open) line.nextElementSibling.remove();
    else line.after(h('tr', { class: 'more' }, h('td', { colspan: sides.length + 4 }, details(row, sides))));
  });
  return line;
}

function details({ check, verdicts, difference, deviation }, sides) {
  const fact = (name, value) =>
    value !== undefined && value !== null && value !== '' && [h('dt', {}, name), h('dd', {}, said(value))];
  return [
    h(
      'dl',
      { class: 'facts' },
      fact('Operation', check.operation),
      fact('Clause', check.clause),
      fact('Evidence', check.evidence),
      fact('Risk', check.risk),
      fact('Tags', check.tags?.join?.(', ')),
      sides.map(
        (side) =>
          verdicts[side] &&
          fact(side, [verdicts[side].outcome, verdicts[side].cause, verdicts[side].reason].filter(Boolean).join(': ')),
      ),
      deviation &&
        fact(
          'Deviation',
          [deviation.state, deviation.reason, deviation.expires && `until ${deviation.expires}`]
            .filter(Boolean)
            .join(', '),
        ),
    ),
    difference.length > 0 &&
      h(
        'table',
        { class: 'plain' },
        h('caption', { class: 'away' }, 'Differences'),
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            ['Where', ...sides].map((title) => h('th', { scope: 'col' }, said(title))),
          ),
        ),
        h(
          'tbody',
          {},
          difference.map((one) =>
            h(
              'tr',
              {},
              h('td', {}, h('code', {}, said(one.where ?? '?'))),
              sides.map((side) => h('td', {}, h('code', {}, said(valueText(one[side]))))),
            ),
          ),
        ),
      ),
  ];
}

const valueText = (value) => (value === undefined ? '–' : typeof value === 'string' ? value : JSON.stringify(value));
