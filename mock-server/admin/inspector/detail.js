/** One exchange opened: why it was answered so, both messages, its tokens, and what one can do with it. */
import { toCurl } from './curl.js';
import { button, copier, h, note, put, said, seen } from './elements.js';
import { bytes, instant, kindOf, milliseconds, pretty, statusText, urlOf } from './format.js';
import { tokenCard } from './token-card.js';
import { whyCard } from './why.js';

/** @param {{ namespace: string, id: string }} which */
export async function showDetail(app, place, { namespace, id }) {
  const { api } = app;
  const world = { world: namespace };
  const wanted = `${namespace}/${id}`;
  place.dataset.wanted = wanted;
  let explained;
  let document;
  try {
    [explained, document] = await Promise.all([
      api.ask('GET', `/requests/${encodeURIComponent(id)}`, undefined, world),
      api.document(),
    ]);
  } catch (error) {
    if (place.dataset.wanted === wanted)
      put(
        place,
        head(app),
        h(
          'p',
          { class: 'empty' },
          error.status === 404 ? 'The journal does not have this request any more.' : error.message,
        ),
      );
    return;
  }
  // Another one may have been opened meanwhile.
  if (place.dataset.wanted !== wanted || place.hidden) return;
  const { entry, tokens } = explained;
  const replay = async () => {
    try {
      const { status, milliseconds: took } = await api.ask('POST', `/requests/${id}/replay`, undefined, world);
      note(
        `Asked again: ${status === 0 ? 'no answer' : status} in ${took} ms`,
        status >= 400 || status === 0 ? 'bad' : 'good',
      );
    } catch (error) {
      note(error.message, 'bad');
    }
  };
  put(
    place,
    head(app, entry),
    h(
      'p',
      { class: 'actions' },
      copier(
        'Copy as curl',
        () => toCurl(entry, { origin: location.origin, prefix: api.prefix(namespace), namespace }),
        {
          title: 'Secrets are variables',
        },
      ),
      button('Replay', replay, { title: 'Sends the same request again, with the secrets that it had' }),
      entry.operation && h('a', { class: 'button', href: `#try/${encodeURIComponent(entry.operation)}` }, 'Try it'),
    ),
    whyCard(explained, document),
    tokens.length > 0 && h('section', {}, h('h3', {}, tokens.length === 1 ? 'Token' : 'Tokens'), tokens.map(tokenCard)),
    h('section', {}, h('h3', {}, 'Request'), message(requestLine(entry), entry.request)),
    h(
      'section',
      {},
      h('h3', {}, 'Answer'),
      entry.answer
        ? message(`HTTP/${entry.httpVersion} ${entry.answer.status}`, entry.answer)
        : h('p', { class: 'empty' }, entry.aborted ? 'The connection ended without an answer.' : 'None yet.'),
    ),
    h(
      'dl',
      { class: 'facts' },
      fact('Operation', entry.operation ?? 'none'),
      fact('Credential', credentialText(entry.credential)),
      namespace !== '' && fact('Namespace', namespace),
      fact("The mock's time", instant(Date.parse(entry.time))),
      fact('Real time', instant(Date.parse(explained.arrivedAt))),
      entry.fault && fact('Fault', `${entry.fault.id} (${entry.fault.kind})`),
    ),
  );
}

function head(app, entry) {
  const status = entry ? (entry.answer?.status ?? (entry.aborted ? 0 : null)) : undefined;
  return h(
    'header',
    { class: 'detail-head' },
    entry && h('span', { class: `pill ${kindOf(status)}` }, statusText(status)),
    h(
      'h3',
      {},
      entry ? [h('b', {}, said(entry.method)), ' ', said(urlOf({ ...entry, target: entry.path }))] : 'Request',
    ),
    entry && h('span', { class: 'muted' }, milliseconds(entry.milliseconds)),
    button('✕', () => app.go('live'), { 'aria-label': 'Close', class: 'plain', title: 'Esc' }),
  );
}

const requestLine = ({ method, host, path, query, httpVersion }) =>
  `${method} ${urlOf({ host, target: `${path}${query === '' ? '' : `?${query}`}` })} HTTP/${httpVersion}`;

function message(line, { headers, body, bodySize }) {
  const isCut = body !== null && new TextEncoder().encode(body).length < bodySize;
  return h(
    'div',
    { class: 'message' },
    h('p', { class: 'line' }, said(line)),
    h(
      'dl',
      {},
      headers.map(([name, value]) => [h('dt', {}, said(name)), h('dd', {}, said(value))]),
    ),
    body !== null && h('pre', { tabindex: 0, 'aria-label': 'Body' }, seen(pretty(body))),
    isCut && h('p', { class: 'muted' }, `The beginning of ${bytes(bodySize)} (server.journalBody).`),
  );
}

const fact = (name, value) => [h('dt', {}, name), h('dd', {}, said(value))];

const credentialText = ({ kind, client, user, accepted }) =>
  kind === 'none'
    ? 'none'
    : [kind, client, user && `for ${user}`, accepted ? 'accepted' : 'not accepted'].filter(Boolean).join(', ');
