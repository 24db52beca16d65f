/** What a run makes at somebody's account is never lost sight of, however the run ends. */
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { exitCodeOf, runChecks, sweep } from '../../contracts/index.ts';
import { createRunId, markOf } from '../../contracts/safety/ledger.ts';
import { readLedger, readLedgers } from '../../contracts/safety/ledger-file.ts';
import { type Mock, startMock } from '../../mock-server/index.ts';
import { itemsOf } from '../support/account.ts';
import { demoPat } from '../support/ask.ts';
import { launch, run } from '../support/command.ts';
import { HOST, type Remote, remoteOf } from '../support/remote.ts';

/** Each kind of thing that is made, and little else. */
const WRITING = [
  'sipgate.CLI-02',
  'sipgate.CLI-08',
  'sipsim.TAG-04',
  'sipsim.TAG-05',
  'sipsim.WHK-02',
  'sipsim.WHK-03',
];

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});
function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'sidetone-ledger-'));
  folders.push(made);
  return made;
}

const writing = ({ target, options }: Remote, ledger: string, onVerdict = () => {}) =>
  runChecks(target, { ...options, only: WRITING, allowWrite: true, ledger, seed: 'a', onVerdict });
const sweeping = ({ target, clock }: Remote, ledger: string) => sweep(target, { ledger, clock, allowHost: [HOST] });

/** As many whole numbers from 1 on, the same for the same seed (Numerical Recipes' generator). */
function moments(count: number, upTo: number, seed = 20_260_101): number[] {
  const found = new Set<number>();
  for (let state = seed; found.size < count; ) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    found.add(1 + (state % upTo));
  }
  return [...found];
}

async function makeClient(mock: Mock, name: string): Promise<string> {
  const answer = await fetch(`${mock.sipgate.baseUrl}/authorization/oauth2/clients`, {
    method: 'POST',
    headers: { authorization: demoPat(mock), 'content-type': 'application/json' },
    body: JSON.stringify({ name, description: '', redirectUris: [], webOrigins: [] }),
  });
  return ((await answer.json()) as { clientId: string }).clientId;
}

test('a run that ends leaves nothing behind, no ledger either, and what it made bore its name', async () => {
  await using mock = await startMock();
  const before = await itemsOf(mock);
  const ledger = folder();
  const remote = remoteOf(mock);
  const result = await writing(remote, ledger);
  expect(result.verdicts.filter(({ outcome }) => outcome === 'failed' || outcome === 'error')).toEqual([]);
  expect([await itemsOf(mock), readdirSync(ledger)]).toEqual([before, []]);
  const bodies = result.verdicts.flatMap(({ exchanges }) =>
    exchanges.flatMap(({ operation = '', request, response }) =>
      /create(?:Client|Tag)$/.test(operation) && (response?.status ?? 500) < 300 ? [request.body ?? ''] : [],
    ),
  );
  expect(bodies.length).toBeGreaterThan(5);
  expect(bodies.filter((body) => !body.includes(markOf(createRunId('a'))))).toEqual([]);
});

test('killed at ten moments, before and after the request is answered: the ledger is readable, sweep leaves nothing', async () => {
  await using mock = await startMock();
  const counting = remoteOf(mock);
  await writing(counting, folder());
  let swept = 0;
  for (const moment of moments(10, counting.asked.length)) {
    await mock.reset();
    const before = await itemsOf(mock);
    const [ledger, asItWas] = [folder(), folder()];
    let dead = false;
    const remote = remoteOf(mock, (request, response, count) => {
      if (!dead && count < moment) return false;
      if (!dead) {
        dead = true;
        // The disk as it is when the process ends; whatever is written later never was.
        cpSync(ledger, asItWas, { recursive: true });
        // Every other time the fake has done what it was asked, and nobody hears of it.
        if (moment % 2 === 0) mock.app(request, response);
        response.end = (() => response.destroy()) as never;
      }
      if (moment % 2 !== 0 || count > moment) response.destroy();
      return true;
    });
    const ended = writing(remote, ledger, () => {
      if (dead) throw new Error('killed');
    });
    // Dead before the first verdict, it has nothing more to ask.
    await ended.catch(() => {});
    expect(dead).toBe(true);
    for (const { run: id } of readLedgers(asItWas)) expect(id).toBe(createRunId('a'));
    const { removed, left } = await sweeping(remoteOf(mock), asItWas);
    swept += removed.length;
    expect(left).toEqual([]);
    expect({ moment, items: await itemsOf(mock), files: readdirSync(asItWas) }).toEqual({
      moment,
      items: before,
      files: [],
    });
  }
  // Else nothing was proven.
  expect(swept).toBeGreaterThan(3);
});

test('a process that is killed (SIGKILL) is swept by the command', async () => {
  await using mock = await startMock();
  const before = await itemsOf(mock);
  const ledger = folder();
  let child: ReturnType<typeof launch> | undefined;
  let made = 0;
  const server = createServer((request, response) => {
    const creates = request.method === 'POST' && request.url?.endsWith('/oauth2/clients');
    if (creates && ++made === 3) response.end = (() => child?.kill('SIGKILL')) as never;
    mock.app(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const at = ['--base-url', `http://127.0.0.1:${(server.address() as AddressInfo).port}`, '--ledger', ledger];
  try {
    child = launch(['verify', ...at, '--only', 'sipgate.CLI-*'], mock.environment);
    const signal = await new Promise((resolve) => child?.once('exit', (_code, name) => resolve(name)));
    expect(signal).toBe('SIGKILL');
    expect((await itemsOf(mock)).clients.length).toBeGreaterThan(before.clients.length);

    const wet = await run(['sweep', ...at], mock.environment);
    expect([wet.code, wet.stdout]).toEqual([0, expect.stringMatching(/^removed OAuth client ".*", named "sidetone-r/)]);
    expect([await itemsOf(mock), readdirSync(ledger)]).toEqual([before, []]);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}, 120_000);

describe('a ledger', () => {
  const lines = [
    {
      event: 'run',
      run: 'r0123456789',
      startedAt: '2026-01-01T00:00:00.000Z',
      urls: [],
      accounts: [],
      host: 'h',
      pid: 1,
    },
    { event: 'intended', kind: 'OAuth client' },
    { event: 'made', kind: 'OAuth client', id: 'one' },
    { event: 'intended', kind: 'SIPSIM webhook', id: 'rating' },
    { event: 'made', kind: 'OAuth client', id: 'two' },
    { event: 'removed', kind: 'OAuth client', id: 'one' },
  ].map((entry) => `${JSON.stringify(entry)}\n`);

  test('is readable, wherever it was cut off', () => {
    const path = join(folder(), 'r.jsonl');
    const whole = lines.join('');
    for (let length = 0; length <= whole.length; length += 1) {
      writeFileSync(path, whole.slice(0, length));
      const written = readLedger(path);
      // A line counts once it is whole.
      expect(written === undefined).toBe(length < (lines[0]?.length ?? 0));
    }
    expect(readLedger(path)).toMatchObject({
      run: 'r0123456789',
      open: [
        { kind: 'SIPSIM webhook', id: 'rating' },
        { kind: 'OAuth client', id: 'two' },
      ],
    });
  });

  test('that is none is named with its line', () => {
    const path = join(folder(), 'r.jsonl');
    writeFileSync(path, `${lines[0]}nonsense\n`);
    expect(() => readLedger(path)).toThrow(`${path}:2: "nonsense" is no entry of a ledger`);
  });

  test('is on disk before the request is sent, and holds no secret', async () => {
    await using mock = await startMock();
    const ledger = folder();
    const seen: string[] = [];
    const remote = remoteOf(mock, ({ method, url }) => {
      if (method === 'POST' && url?.endsWith('/oauth2/clients')) {
        seen.push(
          readdirSync(ledger)
            .map((name) => readFileSync(join(ledger, name), 'utf8'))
            .join(''),
        );
      }
      return false;
    });
    await runChecks(remote.target, { ...remote.options, only: ['sipgate.CLI-04'], allowWrite: true, ledger });
    expect(seen).toEqual([expect.stringContaining('{"event":"intended","kind":"OAuth client"}')]);
    for (const secret of [mock.credentials.sipgate.token, mock.credentials.sipsim.clientSecret]) {
      expect(seen[0]).not.toContain(secret);
    }
  });

  test('that cannot be written lets nothing be made', async () => {
    await using mock = await startMock();
    const file = join(folder(), 'file');
    writeFileSync(file, '');
    const { target, options, asked } = remoteOf(mock);
    const running = runChecks(target, {
      ...options,
      only: ['sipgate.CLI-04'],
      allowWrite: true,
      ledger: join(file, 'x'),
    });
    await expect(running).rejects.toThrow('cannot write to the folder');
    expect(asked).toEqual([]);
  });

  test('is none where a run only reads', async () => {
    await using mock = await startMock();
    const ledger = join(folder(), 'new');
    const { target, options } = remoteOf(mock);
    await runChecks(target, { ...options, only: ['sipgate.ACC-01'] });
    expect(existsSync(ledger)).toBe(false);
  });
});

describe('sweep touches nothing but what a run made', () => {
  /** A run that was interrupted with one client there, and its ledger. */
  async function interrupted(mock: Mock): Promise<{ ledger: string; id: string }> {
    const ledger = folder();
    const remote = remoteOf(mock, ({ method }, response) => {
      if (method !== 'DELETE') return false;
      response.writeHead(500).end();
      return true;
    });
    const only = ['sipgate.CLI-04'];
    const result = await runChecks(remote.target, { ...remote.options, only, allowWrite: true, ledger });
    expect([result.leftovers.length, exitCodeOf(result)]).toEqual([1, 4]);
    const [id = ''] = readLedgers(ledger).flatMap(({ open }) => open.map((own) => own.id));
    return { ledger, id };
  }

  test('a client of the user stays, whatever it is named', async () => {
    await using mock = await startMock();
    const { ledger, id } = await interrupted(mock);
    const kept = [
      await makeClient(mock, 'sidetone'),
      await makeClient(mock, 'sidetone-rx'),
      await makeClient(mock, 'mine'),
    ];
    const { removed } = await sweeping(remoteOf(mock), ledger);
    expect(removed.map((own) => own.id)).toEqual([id]);
    expect((await itemsOf(mock)).clients).toEqual(expect.arrayContaining(kept));
  });

  test('by name: whatever bears the name of a run, when that is asked for', async () => {
    await using mock = await startMock();
    const before = await itemsOf(mock);
    await makeClient(mock, `${markOf(createRunId('gone'))}-refused`);
    const kept = await makeClient(mock, 'sidetone-production');
    const remote = remoteOf(mock);
    const options = { ledger: folder(), clock: remote.clock, allowHost: [HOST] };
    expect((await sweep(remote.target, options)).removed).toEqual([]);
    expect((await sweep(remote.target, { ...options, byName: true, dryRun: true })).removed).toHaveLength(1);
    expect((await itemsOf(mock)).clients).toHaveLength(before.clients.length + 2);
    expect((await sweep(remote.target, { ...options, byName: true })).removed).toHaveLength(1);
    expect((await itemsOf(mock)).clients).toEqual([...before.clients, kept].sort());
  });

  test('a ledger of another host, of other credentials or of a run that goes on is left alone', async () => {
    await using mock = await startMock();
    const { ledger, id } = await interrupted(mock);
    const { target, clock, asked } = remoteOf(mock);
    const here = { ledger, clock, allowHost: [HOST, 'other.example'] };
    const moved = {
      ...target,
      sipsim: { ...target.sipsim, baseUrl: 'http://other.example/api/v2', tokenUrl: 'http://x' },
    };
    const [name = ''] = readdirSync(ledger);
    const path = join(ledger, name);
    const other = { ...target, sipgate: { ...target.sipgate, pat: { id: 'token-OTHER1', secret: 'x' } } };
    const results = [
      await sweep(
        { ...moved, sipsim: { ...moved.sipsim, tokenUrl: 'http://other.example/oauth/token' } } as never,
        here,
      ),
      await sweep(other as never, here),
    ];
    writeFileSync(path, readFileSync(path, 'utf8').replace(`"pid":${process.pid}`, `"pid":${process.ppid}`));
    results.push(await sweep(target, here));
    expect(results.map(({ skipped }) => skipped)).toEqual([
      [expect.stringMatching(/it is of api\.example, and not of api\.example, other\.example$/)],
      [expect.stringContaining('it was made with the credentials token-FQ1V12')],
      [expect.stringMatching(/its run is still going on, as process \d+; if it is not, name it with --run$/)],
    ]);
    expect(asked).toEqual([]);
    const { run: id_ = '' } = readLedgers(ledger)[0] ?? {};
    expect((await sweep(target, { ...here, run: id_ })).removed.map((own) => own.id)).toEqual([id]);
  });

  test('what cannot be removed keeps its ledger, and the command ends with 4', async () => {
    await using mock = await startMock();
    const { ledger, id } = await interrupted(mock);
    const remote = remoteOf(mock, ({ method }, response) => {
      if (method !== 'DELETE') return false;
      response.writeHead(403).end();
      return true;
    });
    const { left, removed } = await sweeping(remote, ledger);
    expect([left, removed]).toEqual([[`OAuth client "${id}" (its removal: 403)`], []]);
    expect(readLedgers(ledger)).toHaveLength(1);
  });
});

test('a deletion that is accepted and takes its time is waited for, and told; at the deadline it is left behind', async () => {
  for (const [answers, outcome] of [
    [4, 'passed'],
    [1_000, 'failed'],
  ] as const) {
    await using mock = await startMock();
    let late = answers;
    let gone = false;
    const remote = remoteOf(mock, ({ method, url = '' }, response) => {
      const one = /\/oauth2\/clients\/(?!sidetone)[^/]+$/.test(url);
      if (one && method === 'DELETE') {
        response.writeHead(gone ? 404 : 202).end();
        gone = true;
        return true;
      }
      if (one && method === 'GET' && gone && late-- > 0) {
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
        return true;
      }
      if (one && method === 'GET' && gone) {
        response.writeHead(404).end();
        return true;
      }
      return false;
    });
    const result = await runChecks(remote.target, {
      ...remote.options,
      only: ['sipgate.CLI-08'],
      allowWrite: true,
      ledger: folder(),
    });
    const [verdict] = result.verdicts;
    expect(verdict?.outcome).toBe(outcome);
    if (outcome === 'passed')
      expect(verdict?.notes).toEqual([expect.stringMatching(/^the client was gone after \d+\.\d s$/)]);
    else expect(verdict?.reason).toContain('to be gone 30 s after its deletion was accepted');
    // The list has it still: it was never deleted.
    expect(result.leftovers).toEqual([expect.stringMatching(/its deletion was accepted, but it is still there/)]);
  }
});
