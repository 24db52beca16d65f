/** What a run makes at somebody's account is never lost sight of, however the run ends. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { exitCodeOf, runChecks, sweep } from '../../contracts/index.ts';
import { createRunId, markOf } from '../../contracts/safety/ledger.ts';
import { readLedgers } from '../../contracts/safety/ledger-file.ts';
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
