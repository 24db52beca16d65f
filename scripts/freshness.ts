/**
 * `npm run freshness`: writes contracts/freshness/freshness.json, which comes with the package.
 *
 * The checks are run on the fake. The committed differential runs (`npm run parity:…`) say that the fake answers as
 * Keycloak and Doorkeeper do: their scenarios are played to the fake again, to see which operations they ask and with
 * which statuses they are answered. A check counts as compared with an engine if it passes on the fake and every answer
 * of its own operation that it looks at is of such a status; it does not count as passed there, for it was not asked.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ownDocument } from '../contracts/catalogue.ts';
import type { FreshnessEntry } from '../contracts/freshness/ledger.ts';
import { createReport, createTarget, type Row, runChecks, urlsOfOrigin } from '../contracts/index.ts';
import { parityRecords } from '../contracts/parity.ts';
import { startMock } from '../mock-server/index.ts';
import { fakeParty as doorkeeperFake } from '../tests/parity/doorkeeper/parties.ts';
import { scenarios as doorkeeperScenarios } from '../tests/parity/doorkeeper/scenarios/index.ts';
import { fakeParty as keycloakFake } from '../tests/parity/keycloak/parties.ts';
import { scenarios as keycloakScenarios } from '../tests/parity/keycloak/scenarios/index.ts';
import { type Party, play, type Scenario } from '../tests/parity/scenario.ts';

/** Answers that a differential run compared: `sipgate.createToken 401`. */
async function comparedBy(party: Party, scenarios: Scenario[]): Promise<Set<string>> {
  const compared = new Set<string>();
  for (const scenario of scenarios) {
    await party.prepare(scenario.under ?? {});
    for (const { answer } of await play(scenario, party)) {
      const operation = operationAt(answer.method, new URL(answer.url).pathname);
      if (operation !== undefined) compared.add(`${operation} ${answer.status}`);
    }
  }
  await party.stop();
  return compared;
}

function operationAt(method: string, path: string): string | undefined {
  const found = [...ownDocument.operations.values()].find(
    (operation) =>
      operation.method === (method === 'HEAD' ? 'GET' : method) &&
      new RegExp(`^${operation.path.replace(/\{\w+\}/g, '[^/]+')}$`).test(path),
  );
  return found?.operationId;
}

/** A check that looks at no answer of its operation, or at one that was not compared, is not covered. */
function isCompared({ check, verdicts }: Row, compared: Set<string>): boolean {
  // It asks at another place, which is the fake's own.
  if (check.provider === 'shortForm') return false;
  const seen = (verdicts.mock?.exchanges ?? []).filter(({ operation }) => operation === check.operation);
  const isPassed = verdicts.mock?.outcome === 'passed' && seen.length > 0;
  return isPassed && seen.every(({ response }) => compared.has(`${check.operation} ${response?.status}`));
}

await using mock = await startMock();
const target = {
  ...createTarget('mock', urlsOfOrigin(mock.url), mock.environment),
  control: { url: mock.adminUrl ?? '' },
};
const report = createReport({ mock: await runChecks(target) });
if (report.exitCode !== 0) throw new Error(`the fake is not verified: ${report.failures.join('; ')}`);

const today = new Date().toISOString().slice(0, 10);
const compared = {
  Keycloak: await comparedBy(await keycloakFake(), keycloakScenarios),
  Doorkeeper: await comparedBy(await doorkeeperFake(), doorkeeperScenarios),
};
const entries: FreshnessEntry[] = [
  {
    target: 'mock',
    kind: 'mock',
    how: 'passed',
    version: report.version,
    date: today,
    checks: report.rows.map(({ check }) => check.id).sort(),
  },
  ...parityRecords.map(({ real, fake, date, unexplained }): FreshnessEntry => {
    if (unexplained > 0) throw new Error(`the run with ${real.name} left ${unexplained} differences without a reason`);
    const answers = compared[real.name as keyof typeof compared];
    const checks = report.rows.filter((row) => isCompared(row, answers)).map(({ check }) => check.id);
    const name = `${real.name} ${real.version}`;
    return { target: name, kind: 'engine', how: 'compared', version: fake.version, date, checks: checks.sort() };
  }),
];
const requests = Object.fromEntries(report.rows.map(({ check, verdicts }) => [check.id, verdicts.mock?.requests ?? 0]));
const file = join(import.meta.dirname, '../contracts/freshness/freshness.json');
writeFileSync(file, `${JSON.stringify({ entries, requests }, null, 2)}\n`);
for (const { target: name, how, date, checks } of entries) console.log(`${name}: ${checks.length} ${how} on ${date}`);
