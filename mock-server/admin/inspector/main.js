/** The page: its head, its views, and which of them the address names. */
import { createApi } from './api.js';
import { h, note, put, said } from './elements.js';
import { instant, span } from './format.js';
import { createStream } from './stream.js';

/** By the first part of the address behind #; each is loaded when it is looked at. */
const VIEWS = [
  ['live', 'Live', () => import('./live.js')],
  ['timeline', 'Timeline', () => import('./timeline.js')],
  ['try', 'Try it', () => import('./try.js')],
  ['tokens', 'Tokens', () => import('./tokens.js')],
  ['time', 'Time & faults', () => import('./time.js')],
  ['state', 'State', () => import('./state.js')],
  ['verdicts', 'Verdicts', () => import('./verdicts.js')],
];

const main = document.getElementById('main');
const api = createApi(admit);
const stream = createStream(api);
const app = { api, stream, minted: [], go: (address) => (location.hash = address), world: chooseWorld };
let shown;

document.querySelector('nav').append(
  h(
    'ul',
    {},
    VIEWS.map(([name, title]) => h('li', {}, h('a', { href: `#${name}` }, title))),
  ),
);

async function show() {
  const [name, ...way] = location.hash.slice(1).split('/').map(decodeURIComponent);
  const [view, title, load] = VIEWS.find(([known]) => known === name) ?? VIEWS[0];
  for (const link of document.querySelectorAll('nav a')) {
    link.toggleAttribute('aria-current', link.hash === `#${view}`);
    if (link.hash === `#${view}`) link.setAttribute('aria-current', 'page');
  }
  document.title = `${title} – Sidetone`;
  if (shown?.view === view) return shown.route?.(way);
  shown?.close?.();
  const mine = { view };
  shown = mine;
  try {
    const module = await load();
    if (shown !== mine) return;
    const place = h('div');
    put(main, h('h2', { class: 'away' }, title), place);
    const made = await module.show(app, place);
    if (shown !== mine) return made.close?.();
    shown = { view, ...made };
    tick();
    await shown.route?.(way);
  } catch (error) {
    if (shown !== mine) return;
    shown.failed = true;
    put(main, h('p', { class: 'empty' }, `This view could not be loaded: ${error.message}`));
  }
}

/** Asks the person for the admin token. @param {boolean} again whether there was one, and it was wrong */
function admit(again) {
  const dialog = document.getElementById('admission');
  document.getElementById('admission-error').textContent = again ? 'That is not the token.' : '';
  if (!dialog.open) dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener(
      'close',
      () => {
        api.token(document.getElementById('admission-token').value.trim());
        resolve();
      },
      { once: true },
    );
  });
}

const worlds = document.getElementById('world');
worlds.addEventListener('change', () => chooseWorld(worlds.value));
worlds.addEventListener('focus', listWorlds);

async function listWorlds() {
  const { namespaces } = await api.ask('GET', '/namespaces', undefined, { world: api.own });
  const names = ['', ...new Set([api.own, api.world, ...namespaces.map(({ name }) => name)])].filter(
    (name, index) => index === 0 || name !== '',
  );
  put(
    worlds,
    names.map((name) => h('option', { value: name }, name === '' ? 'no namespace' : `~${name}`)),
  );
  worlds.value = api.world;
  worlds.hidden = names.length < 2;
}

/** Every view is of this world from now on. */
function chooseWorld(name) {
  api.world = name;
  stream.connect();
  shown?.close?.();
  shown = undefined;
  listWorlds().catch(() => {});
  return show();
}

const clock = document.getElementById('clock');
const connection = document.getElementById('connection');
const STATES = { live: 'live', connecting: 'connecting', lost: 'connection lost', gone: 'namespace freed' };

stream.listen((news) => {
  if (news.gone) {
    note(`The namespace ${api.world} was freed.`);
    if (api.world !== '' && api.own !== api.world) chooseWorld(api.own);
  }
  // A file that could not be loaded is not asked for again: the fake was away, and is back.
  if (news.state === 'live' && shown?.failed) location.reload();
  if (news.state) {
    connection.className = `chip ${news.state}`;
    put(connection, STATES[news.state]);
  }
  if (
    news.rows?.some(
      ({ namespace }) => namespace !== '' && ![...worlds.options].some(({ value }) => value === namespace),
    )
  ) {
    listWorlds().catch(() => {});
  }
  if (news.clock) tick();
  if (news.rows || news.forgot) shown?.news?.(news);
});

function tick() {
  const { frozen, rate } = stream.clock;
  const ahead = (stream.clock.now() - Date.now()) / 1000;
  const moved = Math.abs(ahead) < 1 ? '' : ` ${ahead > 0 ? '+' : '−'}${span(ahead)}`;
  const how = frozen ? ' frozen' : rate === 1 ? '' : ` ×${rate}`;
  clock.classList.toggle('moved', moved !== '' || how !== '');
  const text = `${instant(stream.clock.now()).slice(11)}${moved}${how}`;
  if (clock.textContent !== text) put(clock, said(text));
  shown?.tick?.();
}
setInterval(tick, 1000);

addEventListener('hashchange', show);
addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target.matches('textarea, select, input:not([type=checkbox])');
  if (typing && event.key !== 'Escape') return;
  shown?.key?.(event);
});

// A code that comes back from the login server belongs to the view that asked for it.
if (/[?&](?:code|error)=/.test(location.search)) location.hash = 'try/code-flow';
stream.connect();
listWorlds().catch(() => {});
show();
