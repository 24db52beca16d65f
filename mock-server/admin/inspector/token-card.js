/** A token by what it says of itself, and by what it is worth now. */
import { h, said, seen } from './elements.js';
import { instant, span } from './format.js';

/** Claims that are instants in Unix seconds. */
const INSTANTS = new Set(['exp', 'iat', 'nbf', 'auth_time']);

/** @param token as GET /requests/{id} explains it */
export function tokenCard({ side, place, label, header, claims, secondsLeft, good, why, client }) {
  const used = side === 'request' ? 'sent in' : 'dealt as';
  // A refresh token or an id token opens nothing, however good it is.
  const judged = place === 'access_token' || place === 'Authorization' || place === 'bearer_token';
  return h(
    'div',
    { class: 'token' },
    h(
      'p',
      {},
      h('code', {}, said(label)),
      ` ${used} `,
      said(place),
      ' ',
      judged && h('span', { class: `tag ${good ? 'good' : 'bad'}` }, good ? 'good now' : said(why)),
      ' ',
      secondsLeft !== null && h('span', { class: secondsLeft > 0 ? 'left' : 'left bad' }, lifeText(secondsLeft)),
    ),
    good && client && h('p', { class: 'muted' }, 'speaks for ', said(client)),
    claims ? claimsOf(header, claims) : h('p', { class: 'muted' }, 'Opaque: it says nothing of itself.'),
  );
}

export const lifeText = (seconds) => (seconds > 0 ? `${span(seconds)} left` : `expired ${span(seconds)} ago`);

export const claimsOf = (header, claims) =>
  h(
    'details',
    { open: true },
    h('summary', {}, `Claims, signed by ${seen(header?.alg ?? 'nobody')}`),
    h(
      'dl',
      { class: 'facts' },
      Object.entries(claims).map(([name, value]) => [
        h('dt', {}, said(name)),
        h('dd', {}, said(claimText(name, value))),
      ]),
    ),
  );

function claimText(name, value) {
  if (INSTANTS.has(name) && typeof value === 'number' && Number.isFinite(value) && Math.abs(value) < 1e11)
    return `${value} (${instant(value * 1000)})`;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Header and claims of a JWT that the page itself holds; undefined for what is none. */
export function decoded(token) {
  const part = (text) =>
    JSON.parse(
      new TextDecoder().decode(
        Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (mark) => mark.charCodeAt(0)),
      ),
    );
  try {
    const [header, claims] = token.split('.');
    return { header: part(header), claims: part(claims) };
  } catch {
    return undefined;
  }
}
