/** A report in which everything occurs that can: every result, blame, deviation and fault, and text that means harm. */
import type { Check, Verdict } from '../../contracts/check.ts';
import type { Report, Row, RowDeviation } from '../../contracts/report/report.ts';
import type { TracedExchange } from '../../contracts/trace.ts';

/** Would run, break out or be obeyed somewhere: HTML, an attribute, a script, CDATA, Markdown, a terminal, a workflow. */
export const HOSTILE = [
  `<img src=x onerror="document.title='owned'"><script>document.title='owned'</script></script><!--`,
  `"'><svg onload=alert(1)>]]>]]><b>&amp;`,
  '`|**bold**|[link](https://evil.example)|@everyone|![](https://evil.example/x.png)',
  '\u001b[31mred\u0000\u202eevil\ud800',
  '::error file=a,line=1::owned',
].join('\n');

const check = (id: string, operation: string, more: Partial<Check> = {}): Omit<Check, 'run'> => ({
  id,
  title: `The title of ${id}`,
  provider: id.split('.')[0] as Check['provider'],
  operation,
  level: 'MUST',
  clause: 'RFC 9110 §15.5.2',
  evidence: 'documented',
  risk: 'read',
  needs: [],
  ...more,
});

const exchange = (more: Partial<TracedExchange> = {}): TracedExchange => ({
  operation: 'sipgate.getAccount',
  startedAt: '2026-01-02T03:04:05.678Z',
  milliseconds: 12,
  request: {
    method: 'GET',
    url: 'https://api.sipgate.com/v2/account?a=1&b=%C3%BC',
    headers: { authorization: 'Basic <secret:1>', cookie: 'a=1; b=2' },
  },
  response: {
    status: 200,
    headers: { 'content-type': 'application/json', 'set-cookie': 'x=1; Expires=Thu, 01 Jan 2026 00:00:00 GMT, y=2' },
    body: '{"company":"Müller & Söhne"}',
  },
  ...more,
});

const verdict = (of: Omit<Check, 'run'>, outcome: Verdict['outcome'], more: Partial<Verdict> = {}): Verdict => ({
  check: of,
  outcome,
  requests: 1,
  milliseconds: 12,
  exchanges: [exchange()],
  ...(outcome === 'passed' ? {} : { reason: `why it ${outcome}` }),
  ...more,
});

function row(result: Row['result'], of: Omit<Check, 'run'>, verdicts: Row['verdicts'], more: Partial<Row> = {}): Row {
  return { check: of, verdicts, result, difference: [], ...more };
}

const both = (of: Omit<Check, 'run'>, mock: Verdict['outcome'], real: Verdict['outcome']) => ({
  mock: verdict(of, mock),
  real: verdict(of, real),
});

const deviation = (state: RowDeviation['state']): RowDeviation => ({
  state,
  reason: 'the vendor knows',
  expires: '2026-06-30',
  ticket: 'TEL-1',
});

const rowsOfBoth = (): Row[] => {
  const of = (name: string, operation = 'sipgate.getAccount', more: Partial<Check> = {}) =>
    check(`sipgate.${name}`, operation, more);
  const hostile = of('EVIL-01', 'sipgate.getBalance', { title: `Hostile ${HOSTILE}` });
  const silent = check('sipsim.DOC-01', 'sipsim.getAccount', { evidence: 'assumed' });
  return [
    row('pass/pass', of('BAS-01'), both(of('BAS-01'), 'passed', 'passed')),
    row('pass/fail', of('BAS-02'), both(of('BAS-02'), 'passed', 'failed'), {
      blame: 'fake',
      because: 'the real API answers otherwise',
      difference: [
        { exchange: 0, request: 'GET /v2/account', kind: 'status', where: '', mock: '200', real: '401' },
        {
          exchange: 0,
          request: 'GET /v2/account',
          kind: 'headers',
          where: 'www-authenticate',
          mock: '',
          real: 'Basic realm="x"',
        },
      ],
    }),
    row('fail/pass', of('BAS-03'), both(of('BAS-03'), 'failed', 'passed'), {
      blame: 'fake',
      because: 'the fake is alone',
    }),
    row('fail/fail', silent, both(silent, 'failed', 'failed'), {
      blame: 'document',
      because: 'the document is silent',
      proposedPatch: { responses: { '418': { description: 'A teapot' } } },
    }),
    row('not testable', of('CLI-01', 'sipgate.createClient'), {
      mock: verdict(of('CLI-01'), 'passed'),
      real: verdict(of('CLI-01'), 'not-run', { cause: 'policy', exchanges: [], reason: 'changes the account' }),
    }),
    row('not testable', of('CLI-02', 'sipgate.createClient'), {
      mock: verdict(of('CLI-02'), 'passed'),
      real: verdict(of('CLI-02'), 'not-run', { cause: 'missing', exchanges: [], reason: 'the target lacks a client' }),
    }),
    row(
      'not testable',
      of('NET-01'),
      {
        mock: verdict(of('NET-01'), 'error', {
          exchanges: [{ ...withoutResponse(exchange()), error: 'socket hang up' }],
          reason: 'socket hang up',
        }),
      },
      { blame: 'harness', because: 'no answer came' },
    ),
    row(
      'fail/fail',
      hostile,
      {
        mock: verdict(hostile, 'failed', { reason: HOSTILE, exchanges: [hostileExchange()] }),
        real: verdict(hostile, 'failed', { reason: HOSTILE, exchanges: [] }),
      },
      {
        blame: 'real',
        because: HOSTILE,
        difference: [
          {
            exchange: 0,
            request: 'GET /v2/account',
            kind: 'members',
            where: `/${HOSTILE}`,
            mock: HOSTILE,
            real: HOSTILE,
          },
        ],
      },
    ),
    ...(['known', 'stale', 'expired', 'new', 'not reproduced'] as const).map((state, index) =>
      row(
        state === 'stale' ? 'pass/pass' : 'pass/fail',
        of(`DEV-0${index}`),
        both(of(`DEV-0${index}`), 'passed', state === 'stale' ? 'passed' : 'failed'),
        { deviation: deviation(state) },
      ),
    ),
  ];
};

const withoutResponse = ({ response: _, ...rest }: TracedExchange): TracedExchange => rest;

const hostileExchange = (): TracedExchange =>
  exchange({
    operation: 'sipgate.getBalance',
    request: {
      method: 'POST',
      url: `https://api.sipgate.com/v2/balance?q=${encodeURIComponent("'$(touch owned)`")}`,
      headers: { 'x-two': ["it's", '$HOME'], 'content-type': 'text/plain' },
      body: HOSTILE,
    },
    response: { status: 500, headers: { 'x-evil': HOSTILE }, body: HOSTILE },
  });

/** Of two sides. */
export function fullReport(): Report {
  const side = { requests: 30, startedAt: '2026-01-02T03:04:05.000Z', milliseconds: 4_321, trusted: true };
  return {
    reportVersion: 2,
    version: '1.2.3',
    exitCode: 1,
    failures: ['8 checks failed', `one said ${HOSTILE}`],
    target: 'both',
    seed: 'one',
    sides: [
      { role: 'mock', name: 'http://127.0.0.1:4010', problems: [], leftovers: [], ...side },
      {
        role: 'real',
        name: 'https://api.sipgate.com',
        problems: ['1 check was not run'],
        leftovers: [`OAuth client ${HOSTILE}`],
        ...side,
      },
    ],
    rows: rowsOfBoth(),
    coverage: {
      declared: 4,
      observed: 2,
      unreachable: 1,
      cells: [
        { operation: 'sipgate.getAccount', status: '200', credential: 'basic', count: 20 },
        { operation: 'sipgate.getAccount', status: '401', credential: 'none', count: 1 },
        { operation: 'sipgate.getAccount', status: '403', count: 0 },
        { operation: 'sipgate.createClient', status: '413', count: 0, unreachable: 'a body of 1 MiB is not sent' },
      ],
    },
    evidence: { documented: 10, observed: 2, engine: 0, assumed: 1, convenience: 0 },
    parity: [
      {
        real: { name: 'Keycloak', version: '26.7.1' },
        fake: { version: '1.2.3', commit: 'abc', settings: {} },
        date: '2026-01-01',
        pairs: 100,
        unexplained: 0,
        deviations: [],
      },
    ],
    secrets: { '<secret:1>': 'SIPGATE_TOKEN_ID:SIPGATE_TOKEN' },
  };
}

/** Of one side, with nothing in it that failed. */
export function greenReport(): Report {
  const of = check('sipgate.BAS-01', 'sipgate.getAccount');
  const [mock] = fullReport().sides;
  return {
    ...fullReport(),
    exitCode: 0,
    failures: [],
    target: 'mock',
    sides: mock ? [mock] : [],
    rows: [row('pass', of, { mock: verdict(of, 'passed') })],
  };
}

/** Of a run that got nowhere. */
export const emptyReport = (): Report => ({
  ...fullReport(),
  exitCode: 3,
  failures: ['canary of sipgate: ECONNREFUSED'],
  sides: fullReport().sides.map((side) => ({ ...side, trusted: false, problems: ['canary of sipgate: ECONNREFUSED'] })),
  rows: [],
  coverage: { cells: [], declared: 0, observed: 0, unreachable: 0 },
});
