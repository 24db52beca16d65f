/** The lines that repeat requests, taken from a run and given to a shell: the fake answers them as it answered the run. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { formatTable, runMatrix } from '../../contracts/index.ts';
import { curlOf } from '../../contracts/report/curl.ts';
import { startMock } from '../../mock-server/index.ts';
import { targetOf } from '../support/mock-target.ts';

const sh = promisify(execFile);

test('a line answers with the same status, its secrets out of the environment that verify reads them from', async () => {
  await using mock = await startMock();
  const report = await runMatrix({ mock: targetOf(mock) }, { only: ['sipgate.BAS-0*', 'sipsim.TKE-0*'] });
  const exchanges = report.rows.flatMap(({ verdicts }) => verdicts.mock?.exchanges ?? []);
  const lines = exchanges.map(({ request, response }) => [curlOf(request, report.secrets), response?.status] as const);
  // What the run made up, or was dealt, nobody has.
  const known = lines.filter(([line]) => !/\$(?:SECRET|ACCESS_TOKEN)/.test(line));
  expect(known.filter(([line]) => line.includes('-u "$SIPGATE_TOKEN_ID:$SIPGATE_TOKEN"')).length).toBeGreaterThan(0);
  expect(known.filter(([line]) => line.includes('"$SIPSIM_CLIENT_SECRET"')).length).toBeGreaterThan(0);
  for (const [line, status] of new Map(known)) {
    const { stdout } = await sh('sh', ['-c', `${line} --silent`], { env: { ...process.env, ...mock.environment } });
    expect([line, Number(/^HTTP\/1\.1 (\d+)/.exec(stdout)?.[1])]).toEqual([line, status]);
  }
});

test('the terminal shows it below what failed', async () => {
  await using mock = await startMock({ settings: { sipgate: { allowHeader: false } } });
  const report = await runMatrix({ mock: targetOf(mock) }, { only: ['sipgate.MTH-unsafe-getAccount'] });
  const text = formatTable(report, { colours: false, quiet: true });
  expect(text).toMatch(/FAIL {2}sipgate\.MTH-unsafe-getAccount[\s\S]+\n {6}again: curl -i -X \w+ .*\/v2\/account\n/);
});
