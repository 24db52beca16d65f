/** Time and faults: the mock's clock moved by hand, and faults that are declared, seen counting down and removed. */
import { button, field, h, note, put, said, select } from './elements.js';
import { faultForm } from './fault-form.js';
import { instant, span } from './format.js';

export function show(app, main) {
  const { api, stream } = app;
  const now = h('p', { class: 'big', id: 'now', 'aria-live': 'off' });
  const how = h('p', { class: 'muted' });
  const faults = h('div', { id: 'faults' });
  const freeze = button('Freeze', () => change({ freeze: !stream.clock.frozen }), { 'aria-pressed': 'false' });
  const amount = h('input', { placeholder: '90s, 2h, PT5M', value: '10m' });
  const date = h('input', { placeholder: '2030-01-01T00:00:00Z' });
  const rate = select(
    [
      ['1', 'real time'],
      ['10', '10 times'],
      ['60', 'a minute a second'],
      ['3600', 'an hour a second'],
    ],
    { onchange: () => change({ rate: Number(rate.value) }) },
  );

  async function change(wish) {
    try {
      await api.ask('PUT', '/clock', wish);
    } catch (error) {
      note(error.message, 'bad');
    }
  }
  const act = (make) => (event) => {
    event.preventDefault();
    return change(make());
  };
  const drawFaults = () =>
    put(
      faults,
      stream.faults.length === 0
        ? h('p', { class: 'muted' }, 'No fault is in force.')
        : stream.faults.map((fault) => faultLine(api, fault)),
    );
  function drawClock() {
    const { clock } = stream;
    const ahead = (clock.now() - Date.now()) / 1000;
    put(now, instant(clock.now()));
    put(how, [
      clock.frozen ? 'Frozen' : clock.rate === 1 ? 'Runs' : `Runs ${clock.rate} times as fast`,
      Math.abs(ahead) < 1 ? ', at real time.' : `, ${span(ahead)} ${ahead > 0 ? 'ahead of' : 'behind'} real time.`,
    ]);
    freeze.setAttribute('aria-pressed', String(clock.frozen));
    put(freeze, clock.frozen ? 'Resume' : 'Freeze');
  }

  main.append(
    h(
      'div',
      { class: 'columns' },
      h(
        'section',
        { class: 'card' },
        h('h3', {}, "The mock's time"),
        now,
        how,
        h(
          'p',
          { class: 'actions' },
          [
            ['1m', '+1 min'],
            ['1h', '+1 h'],
            ['1d', '+1 d'],
          ].map(([advance, title]) => button(title, () => change({ advance }))),
          freeze,
          button('Reset', () => change({ reset: true }), { title: 'Back to real time' }),
        ),
        h(
          'form',
          { class: 'form', onsubmit: act(() => ({ advance: amount.value })) },
          field('On by', amount),
          h('button', { type: 'submit' }, 'Go on'),
        ),
        h(
          'form',
          { class: 'form', onsubmit: act(() => ({ set: date.value })) },
          field('To', date),
          h('button', { type: 'submit' }, 'Set'),
        ),
        h('div', { class: 'form' }, field('Pace', rate)),
        h('p', { class: 'muted' }, 'Tokens, codes, the Date header, delays and limits obey this clock.'),
      ),
      h('section', { class: 'card' }, h('h3', {}, 'Faults in force'), faults),
    ),
    h('section', { class: 'card' }, h('h3', {}, 'Declare a fault'), faultForm(app)),
  );
  drawClock();
  drawFaults();
  return {
    tick: drawClock,
    news: (news) => {
      if (news.clock) drawClock();
      if (news.faults) drawFaults();
    },
  };
}

function faultLine(api, fault) {
  const { id, times, met, struck } = fault;
  const { match = {} } = fault;
  const meets =
    Object.entries(match)
      .map(([name, value]) => `${name} ${value}`)
      .join(', ') || 'every request';
  const remove = async () => {
    try {
      await api.ask('DELETE', `/faults/${encodeURIComponent(id)}`);
    } catch (error) {
      note(error.message, 'bad');
    }
  };
  return h(
    'div',
    { class: 'fault', 'data-fault': id },
    h(
      'div',
      {},
      h('b', {}, said(whatOf(fault))),
      ' ',
      h('code', { class: 'muted' }, said(id)),
      h('p', { class: 'muted' }, said(meets)),
    ),
    button('Remove', remove, { 'aria-label': `Remove the fault ${id}` }),
    h(
      'div',
      {},
      h(
        'p',
        { class: 'counting' },
        times === undefined
          ? `struck ${struck} of ${met} that it met`
          : times > struck
            ? `${times - struck} of ${times} left`
            : `spent, after ${times}`,
      ),
      times !== undefined && h('progress', { max: times, value: times - struck, 'aria-label': 'Left' }),
    ),
  );
}

/** A fault in a few words. */
function whatOf({ answer, connection, token, limit, delay, every, probability }) {
  const text = (value) =>
    typeof value === 'object'
      ? Object.entries(value)
          .map(([name, part]) => `${name} ${part}`)
          .join(', ')
      : value;
  return [
    answer && (answer.oauthError ? `OAuth error ${answer.oauthError}` : `answers ${answer.status}`),
    connection && `connection: ${connection}`,
    token && `tokens: ${token}`,
    limit && `at most ${limit.requests} in ${limit.window}`,
    delay !== undefined && `held back ${text(delay)}`,
    every && `every ${every}th`,
    probability !== undefined && `in ${probability * 100} %`,
  ]
    .filter(Boolean)
    .join(', ');
}
