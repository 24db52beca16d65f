/** Why an exchange was answered so: the check that refused it, scopes that would do beside those that were there. */
import { answerOf, operationOf, scopesOf } from './document.js';
import { h, said } from './elements.js';
import { lifeText } from './token-card.js';

/** By the check that refused: what it asks, in the order in which the fake asks. */
const CHECKS = {
  fault: 'a fault that was declared',
  path: 'routing: whether there is such a path',
  method: 'routing: whether the path has the method',
  credential: 'authentication: whether the credential is good',
  scope: 'authorisation: whether its scopes do',
  size: 'reading the body: whether it is small enough',
  type: 'reading the body: whether its media type is a declared one',
  schema: 'validation: whether the request is as openapi.yaml declares it',
  operation: "the operation's own rules",
};

/** The name of the check that refused an exchange; undefined where none did. */
export function checkOf({ entry, refusal }, operation) {
  const { status } = entry.answer ?? {};
  if (entry.fault && (entry.reason ?? '').startsWith('injected')) return 'fault';
  if (status === undefined || status < 400 || !refusal) return undefined;
  if (status === 405) return 'method';
  if (!operation) return 'path';
  const secured = operation.security.length > 0;
  if (status === 401 && secured) return 'credential';
  if (status === 403 && refusal.code === 'insufficient_scope') return 'scope';
  if (status === 413) return 'size';
  if (status === 415) return 'type';
  const judged = operation.requestBody && operation.requestBody['x-validation'] !== 'provider';
  return status === 400 && judged ? 'schema' : 'operation';
}

export function whyCard(explained, document) {
  const { entry, refusal, tokens } = explained;
  const operation = operationOf(document, entry.operation);
  const check = checkOf(explained, operation);
  const status = entry.answer?.status;
  const wanted = refusal?.wanted ?? [];
  const needed = wanted.length > 0 && check !== 'method' ? wanted : scopesOf(operation);
  const granted = refusal?.granted ?? entry.credential.scopes;
  const token = tokens.find(({ side, secondsLeft }) => side === 'request' && secondsLeft !== null);
  const refused = status >= 400 || entry.answer === null;
  return h(
    'section',
    { class: `card why ${refused ? 'refused' : ''}` },
    h('h3', {}, refused ? 'Why' : 'How it was let in'),
    entry.reason && h('p', { class: 'because' }, said(entry.reason)),
    h(
      'dl',
      { class: 'facts' },
      check && [h('dt', {}, 'Refused by'), h('dd', {}, CHECKS[check])],
      operation &&
        needed.length > 0 && [
          h('dt', {}, 'Needs one of'),
          h(
            'dd',
            { class: 'scopes' },
            needed.map((scope) => h('code', { class: granted?.includes(scope) ? 'scope has' : 'scope' }, said(scope))),
          ),
        ],
      operation &&
        needed.length > 0 &&
        granted && [
          h('dt', {}, 'Granted'),
          h(
            'dd',
            { class: 'scopes' },
            granted.length === 0
              ? 'none'
              : granted.map((scope) =>
                  h('code', { class: needed.includes(scope) ? 'scope has' : 'scope' }, said(scope)),
                ),
          ),
        ],
      operation &&
        needed.length === 0 && [
          h('dt', {}, 'Needs'),
          h('dd', {}, operation.security.length > 0 ? 'any good credential' : 'no credential at this door'),
        ],
      check === 'method' && [h('dt', {}, 'Methods here'), h('dd', {}, said(wanted.join(', ')))],
      token && [h('dt', {}, 'Token'), h('dd', {}, lifeText(token.secondsLeft), ', as of now')],
      evidence(explained, document, operation, status),
    ),
  );
}

function evidence({ entry }, document, operation, status) {
  if (status === undefined) return false;
  if (entry.fault && (entry.reason ?? '').startsWith('injected')) {
    return [
      h('dt', {}, 'Evidence'),
      h('dd', {}, h('span', { class: 'tag warn' }, 'injected'), ' no answer of the imitated API'),
    ];
  }
  const found = answerOf(document, { operation, path: entry.path, status })?.['x-evidence'];
  if (!found) return false;
  return [
    h('dt', {}, 'Evidence'),
    h('dd', {}, h('span', { class: `tag ${found.class}` }, found.class), ' ', said(found.source ?? '')),
  ];
}
