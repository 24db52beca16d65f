/** Tokens and clients: who exists, tokens by wish, and their end. */
import { KINDS, loadCredentials, mint } from './credentials.js';
import { button, copier, field, h, note, put, said, select, sureButton } from './elements.js';
import { count, span, timeOfDay } from './format.js';
import { claimsOf, decoded, lifeText } from './token-card.js';

export async function show(app, main) {
  const { api, stream } = app;
  const minted = h('div');
  const seen = h('tbody');
  const who = h('tbody');
  let credentials = await loadCredentials(app);
  main.append(
    h(
      'div',
      { class: 'columns' },
      h('section', { class: 'card' }, h('h3', {}, 'Mint a token'), mintForm(app, credentials, drawMinted)),
      h('section', { class: 'card' }, h('h3', {}, 'Minted here'), minted),
    ),
    h(
      'section',
      { class: 'card' },
      h('h3', {}, 'Who exists'),
      h('div', { class: 'scroll' }, table(['Who', 'Id', 'Secret', 'Scopes', ''], who)),
    ),
    h(
      'section',
      { class: 'card' },
      h('h3', {}, 'Tokens that were dealt before our eyes'),
      h('div', { class: 'scroll' }, table(['Token', 'Client', 'Scopes', 'Dealt', 'Used', 'Life', ''], seen)),
    ),
  );

  function drawMinted() {
    const own = app.minted.filter(({ world }) => world === api.world);
    put(
      minted,
      own.length === 0
        ? h('p', { class: 'muted' }, 'None yet. They are kept until this page is closed.')
        : own.map((token) => mintedCard(app, token, drawMinted)).reverse(),
    );
  }
  function drawWho() {
    put(
      who,
      credentials.map((credential) =>
        whoLine(credential, async () => {
          try {
            const changed = await api.ask('POST', '/credentials/rotate', {
              provider: credential.provider,
              kind: credential.kind,
              id: credential.id,
            });
            credentials = await loadCredentials(app);
            drawWho();
            note(`${changed.id} has a new secret; the old one is dead.`, 'good');
          } catch (error) {
            note(error.message, 'bad');
          }
        }),
      ),
    );
  }
  function drawSeen() {
    const tokens = [...stream.tokens.values()].slice(-30).reverse();
    put(
      seen,
      tokens.length === 0
        ? h('tr', {}, h('td', { colspan: 7, class: 'muted' }, 'None yet.'))
        : tokens.map((token) => seenLine(app, token)),
    );
  }
  drawMinted();
  drawWho();
  drawSeen();
  return {
    news: (news) => {
      if (news.forgot || news.rows?.some(({ dealt, token }) => dealt || token)) drawSeen();
      if (news.clock) drawSeen();
    },
    tick: () => {
      for (const left of main.querySelectorAll('[data-expires]')) {
        const seconds = Number(left.dataset.expires) - stream.clock.now() / 1000;
        left.textContent = lifeText(Math.round(seconds));
        left.classList.toggle('bad', seconds <= 0);
      }
    },
  };
}

const table = (titles, body) =>
  h(
    'table',
    { class: 'plain' },
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        titles.map((title) => h('th', { scope: 'col' }, title)),
      ),
    ),
    body,
  );

function mintForm(app, credentials, done) {
  const clients = credentials.filter(({ kind }) => kind === 'client');
  const client = select(
    clients.map(({ provider, id }) => [`${provider} ${id}`, `${provider}: ${id}`]),
    { onchange: list, 'aria-label': 'Client that the token is for' },
  );
  const life = h('input', { type: 'number', min: 1, placeholder: 'the default' });
  const scopes = h('fieldset', { class: 'choices wide' });
  const search = h('input', { type: 'search', placeholder: 'Find a scope', oninput: filter });
  const chosen = () => clients.find(({ provider, id }) => `${provider} ${id}` === client.value);
  function list() {
    put(
      scopes,
      h('legend', { class: 'away' }, 'Scopes'),
      (chosen()?.scopes ?? []).map((scope) =>
        h('label', {}, h('input', { type: 'checkbox', value: scope }), said(scope)),
      ),
    );
    filter();
  }
  function filter() {
    for (const label of scopes.querySelectorAll('label'))
      label.hidden = !label.textContent.includes(search.value.trim());
  }
  const submit = async (event) => {
    event.preventDefault();
    const { provider, id } = chosen();
    const wanted = [...scopes.querySelectorAll(':checked')].map(({ value }) => value);
    try {
      await mint(app, {
        provider,
        client: id,
        ...(wanted.length > 0 && { scopes: wanted }),
        ...(life.value !== '' && { expiresIn: Number(life.value) }),
      });
      done();
    } catch (error) {
      note(error.message, 'bad');
    }
  };
  list();
  return h(
    'form',
    { class: 'form', onsubmit: submit },
    field('Client', client, { class: 'field wide' }),
    field('Life in seconds', life),
    field('Scopes; none chosen means all', search),
    scopes,
    h('div', { class: 'actions wide' }, h('button', { type: 'submit', class: 'primary' }, 'Mint')),
  );
}

const left = (expiresAt) => h('span', { class: 'left', 'data-expires': expiresAt }, '');

function mintedCard(app, token, done) {
  const { header, claims } = decoded(token.accessToken) ?? {};
  const revoke = async () => {
    try {
      await app.api.ask('DELETE', '/tokens', { token: token.accessToken });
      note('Revoked.', 'good');
    } catch (error) {
      note(error.status === 404 ? 'It was dead already.' : error.message, 'bad');
    }
    app.minted.splice(app.minted.indexOf(token), 1);
    done();
  };
  const card = h(
    'div',
    { class: 'token' },
    h('p', {}, h('b', {}, said(token.client)), ' ', left(token.expiresAt)),
    h(
      'p',
      { class: 'scopes' },
      token.scopes.slice(0, 12).map((scope) => h('code', { class: 'scope' }, said(scope))),
      token.scopes.length > 12 && `and ${token.scopes.length - 12} more`,
    ),
    h(
      'p',
      { class: 'actions' },
      copier('Copy', token.accessToken),
      h('a', { class: 'button', href: `#try/${token.provider}.getAccount` }, 'Try it'),
      button('Revoke', revoke),
    ),
    claims && claimsOf(header, claims),
  );
  card.querySelector('details').open = false;
  return card;
}

function whoLine(credential, rotate) {
  const { kind, id, name, secret, scopes, provider } = credential;
  const dots = h('code', {}, '••••••••');
  const reveal = button(
    'Show',
    () => {
      const hidden = dots.textContent.startsWith('•');
      put(dots, hidden ? said(secret) : '••••••••');
      put(reveal, hidden ? 'Hide' : 'Show');
    },
    { class: 'plain', 'aria-label': `Show the secret of ${id}` },
  );
  const rotates = secret !== null && (kind === 'client' || kind === 'personalAccessToken');
  return h(
    'tr',
    {},
    h('td', {}, h('span', { class: 'tag' }, provider), ' ', KINDS[kind], h('div', { class: 'muted' }, said(name))),
    h(
      'td',
      {},
      h('code', {}, said(id)),
      ' ',
      copier('Copy', id, { class: 'plain', 'aria-label': `Copy the id ${id}` }),
    ),
    h(
      'td',
      {},
      secret === null
        ? h('span', { class: 'muted' }, 'public')
        : [dots, ' ', reveal, copier('Copy', secret, { class: 'plain', 'aria-label': `Copy the secret of ${id}` })],
    ),
    h(
      'td',
      { class: 'muted' },
      scopes.length > 3
        ? h('details', {}, h('summary', {}, count(scopes.length, 'scope')), said(scopes.join(' ')))
        : said(scopes.join(' ') || '–'),
    ),
    h('td', {}, rotates && sureButton('Rotate', rotate, { 'aria-label': `Rotate the secret of ${id}` })),
  );
}

function seenLine(app, token) {
  const { row, client, scope, dealtAt, uses, expiresAt } = token;
  const revoke = async () => {
    try {
      await app.api.ask('DELETE', '/tokens', { request: row.id }, { world: row.namespace });
      note('Revoked.', 'good');
    } catch (error) {
      note(error.status === 404 ? 'It was dead already.' : error.message, 'bad');
    }
  };
  return h(
    'tr',
    {},
    h('td', {}, h('a', { href: `#live/${encodeURIComponent(row.namespace)}/${row.id}` }, said(token.token))),
    h('td', {}, said(client ?? '–')),
    h('td', { class: 'muted' }, said((scope ?? '').length > 60 ? `${scope.slice(0, 60)}…` : (scope ?? '–'))),
    h('td', {}, timeOfDay(dealtAt)),
    h('td', {}, count(uses, 'time')),
    h(
      'td',
      {},
      expiresAt === undefined
        ? '–'
        : h('span', { class: 'left', 'data-expires': expiresAt }, span(expiresAt - app.stream.clock.now() / 1000)),
    ),
    h('td', {}, button('Revoke', revoke)),
  );
}
