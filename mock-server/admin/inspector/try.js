/** Try it: every operation of openapi.yaml, its fields and credentials filled in, sent from the page. */
import { showCodeFlow } from './code-flow.js';
import { bestOf, choicesOf, loadCredentials } from './credentials.js';
import { answerOf, exampleOf, exampleOfSchema, operationsOf, resolved } from './document.js';
import { button, field, h, put, said, seen, select } from './elements.js';
import { kindOf, milliseconds, pretty, statusText } from './format.js';
import { fillIn } from './try-values.js';

const PROVIDERS = { sipgate: 'sipgate', sipsim: 'SIPSIM', shortForm: 'Short form' };
const FORM = 'application/x-www-form-urlencoded';

export function show(app, main) {
  const { api } = app;
  const search = h('input', {
    type: 'search',
    placeholder: 'Find an operation',
    'aria-label': 'Find an operation',
    oninput: list,
  });
  const index = h('div');
  const place = h(
    'div',
    {},
    h('p', { class: 'empty' }, 'Choose an operation. Its fields are filled in, with a credential that opens it.'),
  );
  main.append(
    h(
      'div',
      { class: 'operations' },
      h('nav', { class: 'card index', 'aria-label': 'Operations' }, search, index),
      place,
    ),
  );
  let document;
  let chosen = '';

  function list() {
    const words = search.value.toLowerCase().split(/\s+/);
    const found = operationsOf(document).filter(({ operationId, path, summary }) =>
      words.every((word) => `${operationId} ${path} ${summary}`.toLowerCase().includes(word)),
    );
    put(
      index,
      h(
        'a',
        { href: '#try/code-flow', 'aria-current': chosen === 'code-flow' && 'true' },
        h('b', {}, 'OAUTH'),
        'Code flow, with one click',
      ),
      Object.entries(PROVIDERS).map(([tag, title]) => {
        const own = found.filter(({ tags }) => tags[0] === tag);
        return (
          own.length > 0 && [
            h('h3', {}, title),
            own.map(({ operationId, method, path }) =>
              h(
                'a',
                { href: `#try/${operationId}`, 'aria-current': operationId === chosen && 'true', title: path },
                h('b', {}, method),
                h('span', {}, operationId.split('.')[1]),
              ),
            ),
          ]
        );
      }),
    );
  }

  async function route([name = '']) {
    chosen = name;
    document ??= await api.document();
    list();
    if (name === 'code-flow') return showCodeFlow(app, place);
    const operation = operationsOf(document).find(({ operationId }) => operationId === name);
    if (!operation) return;
    const credentials = await loadCredentials(app);
    put(place, await formOf(app, document, operation, credentials));
  }
  const key = (event) => {
    if (event.key !== '/') return;
    event.preventDefault();
    search.focus();
  };
  return { route, key };
}

async function formOf(app, document, operation, credentials) {
  const { method, path, summary, description, security } = operation;
  const values = await fillIn(operation, credentials, app);
  const parameters = operation.parameters
    .filter((parameter) => parameter.in !== 'cookie')
    .map((parameter) => {
      const example =
        parameter.example ??
        values[parameter.name] ??
        parameter.schema?.default ??
        (parameter.required ? exampleOfSchema(document, parameter.schema) : '');
      const control = inputFor(resolved(document, parameter.schema), example);
      return { parameter, control };
    });
  const living = ({ world, expiresAt }) => world === app.api.world && expiresAt * 1000 > app.stream.clock.now();
  const choices = choicesOf(operation, credentials, app.minted.filter(living));
  const credential = select(
    choices.map(({ value, text }) => [value, text]),
    { 'aria-label': 'Credential' },
  );
  credential.value = bestOf(operation, choices);
  const body = bodyOf(document, operation, values);
  const result = h('div', { 'aria-live': 'polite' });

  const send = async (event) => {
    event.preventDefault();
    put(result, h('p', { class: 'empty' }, '…'));
    try {
      const authorization = await choices.find(({ value }) => value === credential.value).get(app);
      const target = targetOf(path, parameters);
      const headers = { ...headersOf(parameters), ...(authorization && { authorization }), ...body?.headers() };
      put(result, await ask(app, { method, target, headers, content: body?.content() }, document, operation));
    } catch (error) {
      put(result, h('p', { class: 'empty bad' }, error.message));
    }
  };
  const page = Object.values(operation.responses).some((answer) => resolved(document, answer)?.content?.['text/html']);
  return h(
    'form',
    { onsubmit: send, 'data-operation': operation.operationId },
    h(
      'section',
      { class: 'card' },
      h('h3', {}, h('code', {}, `${method} `), said(path)),
      h('p', {}, said(summary)),
      description && h('p', { class: 'muted' }, said(description)),
      h(
        'p',
        { class: 'actions' },
        Object.keys(operation.responses).map((status) => {
          const evidence = answerOf(document, { operation, status })?.['x-evidence'];
          return h(
            'span',
            { title: evidence?.source },
            h('span', { class: `pill ${kindOf(status)}` }, status),
            ' ',
            h('span', { class: `tag ${evidence?.class}` }, evidence?.class ?? '?'),
          );
        }),
      ),
    ),
    h(
      'section',
      { class: 'card' },
      h(
        'div',
        { class: 'form' },
        field(security.length > 0 ? 'Credential' : 'Credential (none is needed)', credential),
        parameters.map(({ parameter, control }) =>
          field(`${parameter.name}${parameter.required ? ' *' : ''} in ${parameter.in}`, control, {
            title: parameter.description,
          }),
        ),
        body?.fields,
        h(
          'div',
          { class: 'actions wide' },
          h('button', { type: 'submit', class: 'primary' }, 'Send'),
          page &&
            method === 'GET' &&
            button('Open in a tab', () => open(app.api.prefix() + targetOf(path, parameters), '_blank', 'noopener'), {
              title: 'The answer is a page for browsers',
            }),
        ),
      ),
    ),
    result,
    h(
      'details',
      { class: 'card' },
      h('summary', {}, 'Schemas'),
      h('pre', { tabindex: 0 }, JSON.stringify(schemasOf(document, operation), null, 2)),
    ),
  );
}

function inputFor(schema, value) {
  const options = schema?.enum;
  if (options) return select([['', '–'], ...options.map((option) => [String(option)])], { value: String(value ?? '') });
  return h('input', { value: value === undefined ? '' : String(value), autocomplete: 'off', spellcheck: 'false' });
}

/** Fields of a form, or a text for JSON; undefined where the operation takes no body. */
function bodyOf(document, { requestBody }, values) {
  const content = requestBody?.content;
  if (!content) return undefined;
  const [type, media] = Object.entries(content)[0];
  if (type !== FORM) {
    const text = h('textarea', {
      value: JSON.stringify(exampleOf(document, media), null, 2),
      spellcheck: 'false',
      'aria-label': 'Body',
    });
    return {
      fields: h('div', { class: 'wide' }, field(`Body, ${type}`, text)),
      content: () => text.value,
      headers: () => ({ 'content-type': type }),
    };
  }
  const properties = Object.entries(resolved(document, media.schema)?.properties ?? {});
  const inputs = properties.map(([name, schema]) => [name, inputFor(resolved(document, schema), values[name])]);
  return {
    fields: inputs.map(([name, control]) => field(`${name} in the form`, control)),
    content: () =>
      new URLSearchParams(
        inputs.map(([name, control]) => [name, control.value]).filter(([, value]) => value !== ''),
      ).toString(),
    headers: () => ({ 'content-type': FORM }),
  };
}

function targetOf(path, parameters) {
  const query = new URLSearchParams();
  let target = path;
  for (const { parameter, control } of parameters) {
    if (parameter.in === 'path') target = target.replace(`{${parameter.name}}`, encodeURIComponent(control.value));
    else if (parameter.in === 'query' && control.value !== '') query.append(parameter.name, control.value);
  }
  return target + (query.size > 0 ? `?${query}` : '');
}

const headersOf = (parameters) =>
  Object.fromEntries(
    parameters
      .filter(({ parameter, control }) => parameter.in === 'header' && control.value !== '')
      .map(({ parameter, control }) => [parameter.name, control.value]),
  );

async function ask(app, { method, target, headers, content }, document, operation) {
  const started = performance.now();
  const answer = await fetch(app.api.prefix() + target, {
    ...{ method, headers, redirect: 'manual', credentials: 'omit', cache: 'no-store' },
    ...(content !== undefined && { body: content }),
  });
  const text = await answer.text();
  const took = Math.round((performance.now() - started) * 10) / 10;
  const redirected = answer.type === 'opaqueredirect';
  const evidence = answerOf(document, { operation, status: answer.status })?.['x-evidence'];
  const reason = answer.headers.get('x-sidetone-reason');
  return h(
    'section',
    { class: 'card', id: 'result' },
    h(
      'p',
      { class: 'actions' },
      h(
        'span',
        { class: `pill ${redirected ? 's3' : kindOf(answer.status)}` },
        redirected ? '3xx' : statusText(answer.status),
      ),
      h('span', { class: 'muted' }, milliseconds(took)),
      evidence && h('span', { class: `tag ${evidence.class}`, title: evidence.source }, evidence.class),
      h(
        'a',
        { href: '#live', onclick: (event) => openLatest(app, event, method, target) },
        'See it in the live requests',
      ),
    ),
    redirected && h('p', {}, 'A redirect. A page may not see where it leads: the live requests show it.'),
    reason && h('p', { class: 'because' }, said(reason)),
    h(
      'div',
      { class: 'message' },
      h(
        'dl',
        {},
        [...answer.headers].map(([name, value]) => [h('dt', {}, said(name)), h('dd', {}, said(value))]),
      ),
      text !== '' && h('pre', { tabindex: 0, 'aria-label': 'Body' }, seen(pretty(text))),
    ),
  );
}

/** Milliseconds that the live requests may lag behind the answer. */
const LAG = 3_000;

function openLatest(app, event, method, target) {
  event.preventDefault();
  const open = () => {
    const row = app.stream.rows.findLast(
      (one) =>
        one.method === method &&
        one.namespace === app.api.world &&
        (one.target === target || one.target.startsWith(target.split('?')[0])),
    );
    if (row) app.go(`live/${encodeURIComponent(row.namespace)}/${row.id}`);
    return row !== undefined;
  };
  if (open()) return;
  // The answer was here before the stream told of it.
  const stop = app.stream.listen(() => open() && end());
  const timer = setTimeout(() => {
    end();
    app.go('live');
  }, LAG);
  const end = () => {
    stop();
    clearTimeout(timer);
  };
}

function schemasOf(document, { requestBody, responses }) {
  const of = (content) =>
    Object.fromEntries(Object.entries(content ?? {}).map(([type, { schema }]) => [type, deep(document, schema)]));
  return {
    ...(requestBody && { request: of(requestBody.content) }),
    answers: Object.fromEntries(
      Object.entries(responses).map(([status, answer]) => [status, of(resolved(document, answer)?.content)]),
    ),
  };
}

function deep(document, value) {
  if (Array.isArray(value)) return value.map((item) => deep(document, item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(resolved(document, value)).map(([name, member]) => [name, deep(document, member)]),
  );
}
