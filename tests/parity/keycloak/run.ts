/** `npm run parity:keycloak`: the fake's login server against a real Keycloak. Exit code 1 for a difference without a reason. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, matchesGlob } from 'node:path';
import { parseArgs } from 'node:util';
import { version } from '../../../mock-server/index.ts';
import { readDeviations } from '../deviations.ts';
import { failuresOf, runParity } from '../parity.ts';
import { formatResult, type Subjects, summaryOf } from '../report.ts';
import type { Party } from '../scenario.ts';
import { KEYCLOAK_VERSION, keycloakHome } from './distribution.ts';
import { FAKE_SETTINGS, fakeParty, keycloakParty } from './parties.ts';
import { createRealms } from './realm.ts';
import { scenarios } from './scenarios/index.ts';
import { startKeycloak } from './server.ts';
import { openIdVocabulary } from './vocabulary.ts';

const { values: flags } = parseArgs({
  options: {
    /** Only scenarios whose id matches; nothing is written then. */
    only: { type: 'string' },
  },
});

const running: Party[] = [];
const stopAll = () => Promise.all(running.splice(0).map((party) => party.stop()));
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void stopAll().finally(() => process.exit(130)));
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
} finally {
  await stopAll();
}

async function main(): Promise<number> {
  const deviations = readDeviations(join(import.meta.dirname, 'deviations.yaml'));
  const chosen = scenarios.filter(({ id }) => flags.only === undefined || matchesGlob(id, flags.only));
  const server = await startKeycloak(keycloakHome());
  const real = keycloakParty(server);
  running.push(real);
  await createRealms(server.admin);
  const fake = await fakeParty();
  running.push(fake);
  const result = await runParity({ real, fake }, chosen, { vocabulary: openIdVocabulary, deviations });
  if (flags.only !== undefined) result.stale = [];
  console.log(formatResult(result, subjects()));
  if (flags.only === undefined && failuresOf(result) === 0) {
    const summary = JSON.stringify(summaryOf(result, deviations, subjects()), null, 2);
    writeFileSync(join(import.meta.dirname, '../../../contracts/parity/keycloak.json'), `${summary}\n`);
  }
  return failuresOf(result) === 0 ? 0 : 1;
}

function subjects(): Subjects {
  return {
    real: { name: 'Keycloak', version: KEYCLOAK_VERSION },
    fake: { version, commit: commit(), settings: FAKE_SETTINGS },
    date: new Date().toISOString().slice(0, 10),
  };
}

/** What the fake was made from; what is not committed yet is said. */
function commit(): string {
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: join(import.meta.dirname, '../../..'), encoding: 'utf8' }).trim();
  const changed = git('status', '--porcelain', 'mock-server', 'openapi.yaml') !== '';
  return `${git('rev-parse', '--short', 'HEAD')}${changed ? ', changed' : ''}`;
}
