/** State: what there is of everything, back to the start, snapshots, and namespaces. */
import { button, h, note, put, said, sureButton } from './elements.js';
import { count, instant, span } from './format.js';

export async function show(app, main) {
  const { api } = app;
  const tiles = h('div', { class: 'tiles' });
  const namespaces = h('tbody');
  const file = h('input', {
    type: 'file',
    accept: 'application/json,.json',
    class: 'away',
    id: 'state-file',
    onchange: restore,
  });
  const done = async (act, text) => {
    try {
      await act();
      note(text, 'good');
    } catch (error) {
      note(error.message, 'bad');
    }
    await draw();
  };

  async function draw() {
    const [counts, list] = await Promise.all([
      api.ask('GET', '/counts'),
      api.ask('GET', '/namespaces', undefined, { world: api.own }),
    ]);
    const { store, ...beside } = counts;
    const all = [...Object.entries(beside), ...Object.entries(store)];
    put(
      tiles,
      all.map(([name, number]) =>
        h('div', { class: 'tile', 'data-count': name }, h('b', {}, number), h('span', {}, said(name))),
      ),
    );
    put(
      namespaces,
      list.namespaces.length === 0
        ? h('tr', {}, h('td', { colspan: 5, class: 'muted' }, 'None. The path prefix /~name makes one.'))
        : list.namespaces.map(line),
    );
  }

  const line = ({ name, createdAt, lastUsedAt, requests }) =>
    h(
      'tr',
      {},
      h('td', {}, h('code', {}, said(`~${name}`))),
      h('td', {}, instant(Date.parse(createdAt))),
      h('td', {}, `${span((Date.now() - Date.parse(lastUsedAt)) / 1000)} ago`),
      h('td', {}, count(requests, 'request')),
      h(
        'td',
        { class: 'actions' },
        button('Steer it', () => app.world(name)),
        sureButton('Free', () =>
          done(async () => {
            // Whoever asks it for anything afterwards would make it anew.
            if (name === api.world && name !== api.own) await app.world(api.own);
            await api.ask('DELETE', `/namespaces/${encodeURIComponent(name)}`, undefined, { world: api.own });
          }, `~${name} is freed.`),
        ),
      ),
    );

  async function snapshot() {
    const answer = await api.fetch('GET', '/state');
    const url = URL.createObjectURL(await answer.blob());
    const link = h('a', { href: url, download: `sidetone-state${api.world && `-${api.world}`}.json` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  }

  async function restore() {
    const [chosen] = file.files;
    if (chosen)
      await done(async () => api.ask('PUT', '/state', await chosen.text()), `The state of ${chosen.name} is back.`);
    file.value = '';
  }

  main.append(
    h(
      'section',
      { class: 'card' },
      h('h3', {}, api.world === '' ? 'What there is' : ['What there is in ', said(`~${api.world}`)]),
      tiles,
    ),
    h(
      'div',
      { class: 'columns' },
      h(
        'section',
        { class: 'card' },
        h('h3', {}, 'Back to the start'),
        h(
          'p',
          { class: 'muted' },
          'State, clock, settings, faults and journal as at the start. Every token that was issued is dead.',
        ),
        h(
          'p',
          { class: 'actions' },
          sureButton('Reset', () => {
            app.minted = app.minted.filter(({ world }) => world !== api.world);
            return done(() => api.ask('POST', '/reset'), 'Everything is as at the start.');
          }),
        ),
      ),
      h(
        'section',
        { class: 'card' },
        h('h3', {}, 'Snapshot'),
        h(
          'p',
          { class: 'muted' },
          'The whole state as a file, which can be put back, its tokens living. It holds secrets.',
        ),
        h(
          'p',
          { class: 'actions' },
          button('Save to a file', () => snapshot().catch((error) => note(error.message, 'bad'))),
          h('label', { class: 'button', for: 'state-file' }, 'Restore from a file'),
          file,
        ),
      ),
    ),
    h(
      'section',
      { class: 'card' },
      h('h3', {}, 'Namespaces'),
      h(
        'div',
        { class: 'scroll' },
        h(
          'table',
          { class: 'plain' },
          h(
            'thead',
            {},
            h(
              'tr',
              {},
              ['Name', 'Made', 'Used', 'Asked', ''].map((title) => h('th', { scope: 'col' }, title)),
            ),
          ),
          namespaces,
        ),
      ),
    ),
  );
  await draw();
  let again;
  return {
    news: () => {
      // Counting reads the whole store: not more than once in a while.
      again ??= setTimeout(() => {
        again = undefined;
        draw().catch(() => {});
      }, 1000);
    },
    close: () => clearTimeout(again),
  };
}
