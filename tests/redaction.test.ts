/** What leaves the suite holds no secret, however it was written down. */
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Check } from '../contracts/check.ts';
import {
  createReport,
  createTarget,
  formatTable,
  type RunResult,
  runChecks,
  urlsOfOrigin,
} from '../contracts/index.ts';
import { createSecrets } from '../contracts/masking/secrets.ts';
import { formatAnnotations } from '../contracts/report/annotations.ts';
import { formatCtrf } from '../contracts/report/ctrf.ts';
import { formatHar } from '../contracts/report/har.ts';
import { formatHtml } from '../contracts/report/html/page.ts';
import { formatJson } from '../contracts/report/json.ts';
import { formatJunit } from '../contracts/report/junit.ts';
import { operationLines } from '../contracts/report/operation-lines.ts';
import { formatSarif } from '../contracts/report/sarif.ts';
import { formatSummary } from '../contracts/report/summary.ts';
import { basic } from '../contracts/session.ts';
import { startMock } from '../mock-server/index.ts';
import { targetOf } from './support/mock-target.ts';

const secret = 's1p:g4te+100%/geh eim "ü"\\';
const base64 = (text: string) => Buffer.from(text).toString('base64');
const base64url = (text: string) => Buffer.from(text).toString('base64url');
const hex = (text: string) => Buffer.from(text).toString('hex');
const bytes = (text: string, write: (byte: number) => string) => [...Buffer.from(text)].map(write).join('');
const characters = (text: string, write: (code: number) => string) =>
  [...text].map((letter) => write(letter.charCodeAt(0))).join('');
const header = base64url('{"alg":"HS256","typ":"JWT"}');
const jwt = `${header}.${base64url('{"sub":"w0"}')}.c2lnbmF0dXJlLW9mLWl0`;

/** Every way to write a text down that somebody may find it out of again. */
const FORMS: [string, (text: string) => string][] = [
  ['as it is', (text) => text],
  ['percent-encoded', encodeURIComponent],
  ['percent-encoded in lower case', (text) => encodeURIComponent(text).replace(/%../g, (unit) => unit.toLowerCase())],
  ['percent-encoded, every byte', (text) => bytes(text, (byte) => `%${byte.toString(16).padStart(2, '0')}`)],
  ['as a form', (text) => new URLSearchParams({ x: text }).toString().slice(2)],
  ['as JSON', (text) => JSON.stringify(text).slice(1, -1)],
  ['as JSON, every character', (text) => characters(text, (code) => `\\u${code.toString(16).padStart(4, '0')}`)],
  ['as JSON in JSON', (text) => JSON.stringify(JSON.stringify(text))],
  ['as HTML', (text) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;')],
  ['as HTML, every character', (text) => characters(text, (code) => `&#${code};`)],
  ['as HTML, every character in hexadecimal', (text) => characters(text, (code) => `&#x${code.toString(16)};`)],
  ['in Base64', base64],
  ['in Base64url', base64url],
  ['in Base64 twice', (text) => base64(base64(text))],
  ['in a Basic pair', (text) => base64(`id:${text}`)],
  ['in Base64 behind one byte', (text) => base64(`a${text}`)],
  ['in Base64 behind two bytes', (text) => base64(`ab${text}z`)],
  ['in Base64 of what is percent-encoded', (text) => base64(`id:${encodeURIComponent(text)}`)],
  ['in percent-encoded Base64', (text) => encodeURIComponent(base64(text))],
  ['in Base64 whose slashes JSON escapes', (text) => base64(`??>${text}`).replaceAll('/', '\\/')],
  ['in Base64 in a path', (text) => `/v2/things/${base64(text).replaceAll('=', '')}`],
  ['in hexadecimal', hex],
  ['in hexadecimal in upper case', (text) => hex(text).toUpperCase()],
  ['in a claim of a JWT', (text) => `${header}.${base64url(JSON.stringify({ claim: text }))}.c2ln`],
  [
    'in a JWT in a percent-encoded form in JSON',
    (text) => JSON.stringify(`t=${encodeURIComponent(`${header}.${base64url(JSON.stringify({ claim: text }))}.c2ln`)}`),
  ],
];

/** Whatever anybody could read out of a text again. */
function readings(text: string, depth = 3): string[] {
  const tries = [
    () => decodeURIComponent(text),
    () => decodeURIComponent(text.replaceAll('+', ' ')),
    () => JSON.parse(`"${text}"`) as string,
    () => JSON.parse(text) as string,
  ];
  for (const run of text.match(/[\w+/-]{6,}/g) ?? []) {
    for (let shift = 0; shift < 4; shift += 1) tries.push(() => Buffer.from(run.slice(shift), 'base64').toString());
    tries.push(() => Buffer.from(run, 'hex').toString());
  }
  const decoded = tries.flatMap((read) => {
    try {
      return [String(read())];
    } catch {
      return [];
    }
  });
  const further = [...new Set(decoded)].filter((reading) => reading !== text && reading.length > 5);
  return depth === 0 ? [text] : [text, ...further.flatMap((reading) => readings(reading, depth - 1))];
}

/** No eight characters in a row of the secret are left, in whatever reading. */
function expectHidden(text: string, value: string): void {
  for (const reading of readings(text)) {
    for (let start = 0; start + 8 <= value.length; start += 1) {
      expect(reading).not.toContain(value.slice(start, start + 8));
    }
  }
}

describe('a secret is masked', () => {
  test.each(FORMS)('%s', (_how, write) => {
    const masked = createSecrets([secret]).mask(`before ${write(secret)} after`);
    expect(masked).toMatch(/^before .*<secret:1>.* after$/s);
    expectHidden(masked, secret);
  });

  test.each(FORMS)('%s, being a token whose signature alone is told', (_how, write) => {
    const secrets = createSecrets();
    secrets.learn(answered(JSON.stringify({ access_token: jwt })));
    expectHidden(secrets.mask(`before ${write(jwt.split('.')[2] ?? '')} after`), 'c2lnbmF0dXJlLW9mLWl0');
  });

  test('the same one has the same number wherever it comes again, and another one another', () => {
    const { mask } = createSecrets([secret, 'another-secret']);
    expect(mask(`${secret} another-secret`)).toBe('<secret:1> <secret:2>');
    expect(mask(`another-secret ${encodeURIComponent(secret)}`)).toBe('<secret:2> <secret:1>');
  });

  test('numbers follow the order of what is masked, not the order of what became known', () => {
    const secrets = createSecrets(['first-known', 'second-known']);
    expect(secrets.mask('second-known')).toBe('<secret:1>');
    expect(secrets.createMask()('first-known second-known')).toBe('<secret:1> <secret:2>');
  });

  test('a password that is a word is none where it is a part of a name', () => {
    const { mask } = createSecrets(['sidetone']);
    expect(mask('x-sidetone-reason: "sidetone" https://sidetone.example ada:sidetone@host')).toBe(
      'x-sidetone-reason: "<secret:1>" https://sidetone.example ada:<secret:1>@host',
    );
    expect(mask(`Basic ${base64('ada@example.org:sidetone')}`)).toMatch(/<secret:1>$/);
  });

  test('what holds none stays as it is', () => {
    const text =
      'GET /v2/account?scope=all%20x {"token_type":"Bearer","company":"Müller"} %zz \\x \\u12 &amp;&#9999999;';
    expect(createSecrets([secret]).mask(text)).toBe(text);
  });
});

const sent = (request: object) => ({ request: { method: 'POST', url: 'http://h/', headers: {}, ...request } });
const answered = (body: string, headers: Record<string, string> = {}) => ({
  ...sent({}),
  response: { status: 200, headers, body },
});
const LONG = 'Xk29vQpLr7TzWm41';

describe('what passes at a place for secrets is one from then on', () => {
  test.each([
    ['an issued token', answered(`{"access_token": "${LONG}"}`)],
    ['a refresh token', answered(`{"refresh_token":"${LONG}"}`)],
    ['a client secret', answered(`{"clientSecret":"${LONG}"}`)],
    ['a code in a redirect', answered('', { location: `http://localhost/?state=1&code=${LONG}` })],
    ['a token in a fragment', answered('', { location: `http://localhost/#access_token=${LONG}` })],
    ['a code in a form that posts itself', answered(`<input type="hidden" name="code" value="${LONG}">`)],
    ['a cookie that is set', answered('', { 'set-cookie': `A=1; Path=/, SESSION="${LONG}"; Path=/` })],
    ['a cookie that is sent', sent({ headers: { cookie: `A=1; SESSION=${LONG}` } })],
    ['a bearer token', sent({ headers: { authorization: `Bearer ${LONG}` } })],
    ['one of two Authorization headers', sent({ headers: { authorization: ['Bearer x', `Bearer ${LONG}`] } })],
    ['the password in Basic', sent({ headers: { authorization: `Basic ${base64(`id:${LONG}`)}` } })],
    ['a secret in a form', sent({ body: `client_secret=${LONG}&scope=x` })],
    ['a token in a query', sent({ url: `http://h/?id_token_hint=${LONG}` })],
    ['a verifier', sent({ body: `code_verifier=${LONG}` })],
  ])('%s', (_what, exchange) => {
    const secrets = createSecrets();
    secrets.learn(exchange);
    expect(secrets.mask(`it was ${LONG}, and ${base64(LONG)}`)).toBe('it was <secret:1>, and <secret:1>');
  });

  test('a secret that a check has changed or cut is one too; a word that it made up is none', () => {
    const secrets = createSecrets(['e68ead46-a7db']);
    for (const value of ['E68EAD46-A7DB', 'e68ead46-a7d', 'wrong']) {
      secrets.learn(sent({ headers: { authorization: `Basic ${base64(`id:${value}`)}` } }));
    }
    expect(secrets.mask('E68EAD46-A7DB e68ead46-a7d wrong')).toBe('<secret:1> <secret:2> wrong');
  });

  test('the code of an error is none', () => {
    const secrets = createSecrets();
    secrets.learn(answered('{"code":"invalid_client","token_type":"Bearer"}'));
    expect(secrets.mask('invalid_client')).toBe('invalid_client');
  });
});

describe('an echo', () => {
  const planted = { id: 'token-FQ1V12', secret };
  const check: Check = {
    id: 'sipgate.ECHO',
    title: 'tells what it was asked',
    provider: 'sipgate',
    operation: 'sipgate.getAccount',
    level: 'MUST',
    clause: 'none',
    evidence: 'assumed',
    risk: 'read',
    needs: [],
    run: async (session) => {
      const reply = await session.call('sipgate.getAccount', {
        authorization: basic(planted),
        headers: {
          'x-seen': FORMS.slice(1, 3)
            .map(([, write]) => write(secret))
            .join(' '),
        },
        query: Object.fromEntries(FORMS.map(([how, write]) => [how, write(secret)])),
        json: FORMS.map(([, write]) => write(secret)),
        method: 'POST',
      });
      session.leftovers.push(`client ${secret}`);
      throw new Error(`got ${reply.text} and ${reply.headers['x-echo']}`);
    },
  };
  let url = '';
  const server = createServer(async (request: IncomingMessage, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const seen = `${request.url} ${JSON.stringify(request.headers)} ${Buffer.concat(chunks)}`;
    const good = request.headers.authorization === basic(planted);
    const echoed = [...seen].filter((character) => character >= ' ' && character <= '~').join('');
    response
      .writeHead(good ? 200 : 401, { 'x-echo': echoed.slice(0, 4_000), 'set-cookie': `SESSION=${LONG}` })
      .end(seen);
  });
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => void server.close());

  const runOnce = () => {
    const environment = { SIPGATE_TOKEN_ID: planted.id, SIPGATE_TOKEN: secret };
    return runChecks(createTarget('echo', urlsOfOrigin(url), environment), { checks: [check] });
  };
  const lines = operationLines('paths: {}');
  /** The page's details are packed; whoever looks into it shall find no more than in the others. */
  const unpacked = (page: string) =>
    page.replace(/(?<=id="details">)[^<]+/, (packed) => gunzipSync(Buffer.from(packed, 'base64')).toString());

  test.each<[string, (result: RunResult) => string]>([
    ['JSON', (result) => formatJson(createReport({ real: result }))],
    ['JUnit', (result) => formatJunit(createReport({ real: result }))],
    ['HTML', (result) => unpacked(formatHtml(createReport({ real: result })))],
    ['the summary', (result) => formatSummary(createReport({ real: result }))],
    ['annotations', (result) => formatAnnotations(createReport({ real: result }), lines)],
    ['HAR', (result) => formatHar(createReport({ real: result }))],
    ['CTRF', (result) => formatCtrf(createReport({ real: result }))],
    ['SARIF', (result) => formatSarif(createReport({ real: result }), lines)],
    [
      'the table',
      (result) => formatTable(createReport({ real: result }), { colours: false, quiet: false, verbose: true }),
    ],
  ])('gives no secret away in %s', async (_name, format) => {
    const report = format(await runOnce());
    expect(report).toMatch(/sipgate(?:\.|&#46;)ECHO/);
    expect(report).not.toContain(LONG);
    for (const [, write] of FORMS) {
      for (const form of [write(secret), JSON.stringify(write(secret)).slice(1, -1)])
        expect(report).not.toContain(form);
    }
    const words = report.split(/[\s"]+/).filter((word) => word.length > 8);
    for (const word of new Set(words)) {
      for (const reading of readings(word, 2)) expect(reading).not.toMatch(/s1p:g4te|g4te\+100|100%\/geh/);
    }
  });

  test('is told of alike in every run but for times', async () => {
    const lasting = async () =>
      JSON.stringify(
        (await runOnce()).verdicts.map(({ reason, exchanges }) => [reason, exchanges.map(({ request }) => request)]),
      );
    expect(await lasting()).toBe(await lasting());
  });
});

test('a run shows no credential of the target and no token that was issued', async () => {
  await using mock = await startMock();
  const issued = new Set<string>();
  const app: RequestListener = (request, response) => {
    const end = response.end.bind(response) as (...all: unknown[]) => typeof response;
    response.end = ((...all: unknown[]) => {
      for (const [token] of String(all[0] ?? '').matchAll(/(?<=_token":")[^"]+/g)) issued.add(token);
      return end(...all);
    }) as typeof response.end;
    mock.app(request, response);
  };
  const result = await runChecks({ ...targetOf(mock), app }, { only: ['sipgate.RFT*', 'sipgate.CLI*', 'sipsim.B*'] });
  const text = JSON.stringify(result.verdicts);
  expect(issued.size).toBeGreaterThan(20);
  for (const token of issued) expect(text).not.toContain(token);
  expect(text).toContain('<secret:1>');
  const secrets = Object.entries(mock.environment).filter(([name]) => /SECRET$|_TOKEN$/.test(name));
  for (const [, value] of secrets) expect(text).not.toContain(value);
});
