/** The ledger of what a run makes: on disk before it is made, readable wherever it ends. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { runChecks } from '../../contracts/index.ts';
import { readLedger } from '../../contracts/safety/ledger-file.ts';
import { startMock } from '../../mock-server/index.ts';
import { remoteOf } from '../support/remote.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});
function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'sidetone-ledger-'));
  folders.push(made);
  return made;
}

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
