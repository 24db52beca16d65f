/** A form that becomes a fault. */
import { operationsOf } from './document.js';
import { field, h, note, put, select } from './elements.js';

/** By kind: its fields, each with an example, and the member of the fault that they make. */
const KINDS = {
  answer: [
    'Answers a status',
    [
      ['Status', '503'],
      ['Retry-After', '30s'],
      ['Body, JSON or text', ''],
    ],
    (status, retryAfter, body) => ({
      answer: { status: Number(status), ...(retryAfter && { retryAfter }), ...(body && { body: jsonOr(body) }) },
    }),
  ],
  oauth: [
    'Answers an OAuth error',
    [
      ['Error', 'temporarily_unavailable'],
      ['Description', ''],
    ],
    (oauthError, description) => ({ answer: { oauthError, ...(description && { description }) } }),
  ],
  delay: ['Holds back', [['For', '2s']], (delay) => ({ delay })],
  reset: ['Resets the connection', [], () => ({ connection: 'reset' })],
  empty: ['Closes without an answer', [], () => ({ connection: 'empty' })],
  truncated: ['Cuts the answer', [], () => ({ connection: 'truncated' })],
  drip: [
    'Drips the answer',
    [
      ['Bytes at once', '10'],
      ['Every', '100ms'],
    ],
    (bytes, every) => ({ connection: 'drip', drip: { bytes: Number(bytes), every } }),
  ],
  'malformed-chunk': ['Breaks the chunks', [], () => ({ connection: 'malformed-chunk' })],
  expired: ['Deals expired tokens', [], () => ({ token: 'expired' })],
  'wrong-signature': ['Deals tokens with a wrong signature', [], () => ({ token: 'wrong-signature' })],
  'wrong-issuer': ['Deals tokens of a wrong issuer', [], () => ({ token: 'wrong-issuer' })],
  'narrower-scope': ['Deals tokens with fewer scopes', [], () => ({ token: 'narrower-scope' })],
  limit: [
    'Limits the rate',
    [
      ['Requests', '100'],
      ['In', '1m'],
    ],
    (requests, window) => ({ limit: { requests: Number(requests), window } }),
  ],
};

const MATCHES = [
  ['operation', 'sipgate.getAccount, *.createToken'],
  ['path', '/v2/*'],
  ['client', 'a client id'],
  ['method', 'GET'],
];

export function faultForm({ api }) {
  const kind = select(
    Object.entries(KINDS).map(([name, [title]]) => [name, title]),
    { onchange: drawFields },
  );
  const fields = h('div', { class: 'form wide' });
  const operations = h('datalist', { id: 'operations' });
  const match = MATCHES.map(([name, placeholder]) => [
    name,
    h('input', { placeholder, ...(name === 'operation' && { list: 'operations' }) }),
  ]);
  const [times, every, chance] = [
    ['2', '1'],
    ['', '1'],
    ['', '0'],
  ].map(([value, min]) => h('input', { type: 'number', value, min, placeholder: 'always' }));
  chance.max = '100';
  let inputs = [];

  function drawFields() {
    const [, named] = KINDS[kind.value];
    inputs = named.map(([, example]) => h('input', { value: example }));
    put(
      fields,
      named.map(([title], index) => field(title, inputs[index])),
    );
    fields.hidden = named.length === 0;
  }
  const submit = async (event) => {
    event.preventDefault();
    const wanted = Object.fromEntries(
      match.map(([name, input]) => [name, input.value.trim()]).filter(([, value]) => value !== ''),
    );
    const fault = {
      ...KINDS[kind.value][2](...inputs.map(({ value }) => value.trim())),
      ...(Object.keys(wanted).length > 0 && { match: wanted }),
      ...(times.value !== '' && { times: Number(times.value) }),
      ...(every.value !== '' && { every: Number(every.value) }),
      ...(chance.value !== '' && { probability: Number(chance.value) / 100 }),
    };
    try {
      await api.ask('POST', '/faults', fault);
      note('The fault is in force.', 'good');
    } catch (error) {
      note(error.message, 'bad');
    }
  };
  drawFields();
  api.document().then(
    (document) =>
      put(
        operations,
        operationsOf(document).map(({ operationId }) => h('option', { value: operationId })),
      ),
    () => {},
  );
  return h(
    'form',
    { class: 'form', onsubmit: submit, id: 'fault-form' },
    field('What it does', kind, { class: 'field wide' }),
    fields,
    operations,
    match.map(([name, input]) => field(`Only this ${name}`, input)),
    field('Times', times),
    field('Every so many-th', every),
    field('Chance in %', chance),
    h('div', { class: 'actions wide' }, h('button', { type: 'submit', class: 'primary' }, 'Declare')),
  );
}

function jsonOr(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
