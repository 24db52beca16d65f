/** The authorization code flow with one click: to the login page, back to this one, and the code for tokens. */
import { loadCredentials } from './credentials.js';
import { copier, field, h, put, said, select } from './elements.js';
import { claimsOf, decoded } from './token-card.js';

const KEPT = 'sidetone-code-flow';

/** The page itself is where the user comes back to. */
const redirectUri = () => location.origin + location.pathname;

export async function showCodeFlow(app, place) {
  const returned = new URLSearchParams(location.search);
  if (returned.has('code') || returned.has('error')) return finish(app, place, returned);
  const clients = (await loadCredentials(app)).filter(({ grants }) => grants.includes('authorization_code'));
  const fitting = clients.filter(({ redirectUris = [] }) => redirectUris.some(fits));
  const client = select(
    clients.map(({ id, name }) => [id, `${name}: ${id}`]),
    { 'aria-label': 'Client' },
  );
  client.value = fitting[0]?.id ?? clients[0]?.id;
  const scope = h('input', { value: 'openid account:read' });
  const pkce = h('input', { type: 'checkbox', checked: true });
  const start = (event) => {
    event.preventDefault();
    return begin(
      app,
      clients.find(({ id }) => id === client.value),
      scope.value,
      pkce.checked,
    );
  };
  const user = (await loadCredentials(app)).find(({ kind }) => kind === 'user');
  put(
    place,
    h(
      'form',
      { class: 'card', onsubmit: start },
      h('h3', {}, 'OAuth code flow'),
      h('p', { class: 'muted' }, 'Goes to the login page, comes back here with a code, and changes it for tokens.'),
      user &&
        h(
          'p',
          {},
          'Log in as ',
          h('code', {}, said(user.id)),
          ' ',
          copier('Copy', user.id, { class: 'plain' }),
          ' with the password ',
          h('code', {}, said(user.secret)),
          ' ',
          copier('Copy', user.secret, { class: 'plain' }),
        ),
      h(
        'div',
        { class: 'form' },
        field('Client', client, { class: 'field wide' }),
        field('Scopes', scope),
        h('label', { class: 'toggle' }, pkce, 'PKCE, S256'),
        h('div', { class: 'actions wide' }, h('button', { type: 'submit', class: 'primary' }, 'Start the code flow')),
      ),
      fitting.length === 0 && h('p', { class: 'bad' }, `No client takes ${redirectUri()} as its redirect URI.`),
    ),
  );
}

/** Roughly the login server's own rule; it has the last word. */
function fits(pattern) {
  const parts = pattern.split('*').map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}`).test(redirectUri());
}

async function begin({ api }, client, scope, pkce) {
  const flow = {
    state: random(),
    verifier: random(),
    client: client.id,
    realm: client.realm,
    world: api.world,
    redirectUri: redirectUri(),
  };
  sessionStorage.setItem(KEPT, JSON.stringify({ ...flow, pkce }));
  const query = new URLSearchParams({
    ...{ response_type: 'code', client_id: client.id, redirect_uri: flow.redirectUri, scope, state: flow.state },
    ...(pkce && { code_challenge: await challenge(flow.verifier), code_challenge_method: 'S256' }),
  });
  location.assign(`${endpoint(api, flow, 'auth')}?${query}`);
}

const endpoint = (api, { world, realm }, name) =>
  `${api.prefix(world)}/auth/realms/${realm}/protocol/openid-connect/${name}`;
const random = () => base64url(crypto.getRandomValues(new Uint8Array(32)));
const base64url = (bytes) =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
const challenge = async (verifier) =>
  base64url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))));

async function finish(app, place, returned) {
  const flow = JSON.parse(sessionStorage.getItem(KEPT) ?? 'null');
  sessionStorage.removeItem(KEPT);
  // The code is good once, and has no business in the history.
  history.replaceState(null, '', `${location.pathname}#try/code-flow`);
  const again = h(
    'p',
    { class: 'actions' },
    h('a', { class: 'button', href: '#try/code-flow', onclick: () => showCodeFlow(app, place) }, 'Once more'),
  );
  const fail = (...text) =>
    put(
      place,
      h('section', { class: 'card' }, h('h3', {}, 'The code flow has failed'), h('p', { class: 'bad' }, text), again),
    );
  if (returned.has('error'))
    return fail(said(returned.get('error')), ' ', said(returned.get('error_description') ?? ''));
  if (!flow || flow.state !== returned.get('state')) return fail('The state is not the one that this page sent.');
  const secret = (await loadCredentials(app)).find(({ id, kind }) => kind === 'client' && id === flow.client)?.secret;
  const form = {
    ...{
      grant_type: 'authorization_code',
      code: returned.get('code'),
      redirect_uri: flow.redirectUri,
      client_id: flow.client,
    },
    ...(secret && { client_secret: secret }),
    ...(flow.pkce && { code_verifier: flow.verifier }),
  };
  const answer = await fetch(endpoint(app.api, flow, 'token'), {
    method: 'POST',
    body: new URLSearchParams(form),
    credentials: 'omit',
  });
  const tokens = await answer.json();
  if (!answer.ok) return fail(said(tokens.error), ' ', said(tokens.error_description ?? ''));
  const { access_token: accessToken, expires_in: expiresIn, scope = '' } = tokens;
  const createdAt = Math.floor(app.stream.clock.now() / 1000);
  app.minted.push({
    accessToken,
    expiresIn,
    createdAt,
    scopes: scope.split(' '),
    provider: 'sipgate',
    client: flow.client,
    world: flow.world,
    expiresAt: createdAt + expiresIn,
  });
  put(
    place,
    h(
      'section',
      { class: 'card' },
      h('h3', {}, 'Logged in'),
      h(
        'p',
        { class: 'actions' },
        h('a', { class: 'button', href: '#try/sipgate.getAccount' }, 'Use the token'),
        copier('Copy the access token', accessToken),
        h('a', { class: 'button', href: '#try/code-flow', onclick: () => showCodeFlow(app, place) }, 'Once more'),
      ),
      ['access_token', 'refresh_token', 'id_token']
        .filter((name) => tokens[name])
        .map((name) => {
          const { header, claims } = decoded(tokens[name]) ?? {};
          return h('div', { class: 'token' }, h('p', {}, h('b', {}, name)), claims && claimsOf(header, claims));
        }),
    ),
  );
}
