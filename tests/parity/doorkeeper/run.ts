/** `npm run parity:doorkeeper`: SIPSIM's half of the fake against a real Doorkeeper. Exit code 1 for a difference without a reason. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, matchesGlob } from 'node:path';
import { parseArgs } from 'node:util';
import { version } from '../../../mock-server/index.ts';
import { readDeviations } from '../deviations.ts';
import { failuresOf, runParity } from '../parity.ts';
import { formatResult, type Subjects, summaryOf } from '../report.ts';
import type { Party } from '../scenario.ts';
import { doorkeeperParty, FAKE_SETTINGS, fakeParty } from './parties.ts';
import { scenarios } from './scenarios/index.ts';
import { startDoorkeeper } from './server.ts';
import { doorkeeperVocabulary } from './vocabulary.ts';

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
  const server = await startDoorkeeper();
  const real = doorkeeperParty(server);
  running.push(real);
  const fake = await fakeParty();
  running.push(fake);
  const result = await runParity({ real, fake }, chosen, { vocabulary: doorkeeperVocabulary, deviations });
  if (flags.only !== undefined) result.stale = [];
  console.log(formatResult(result, subjects(server.version)));
  if (flags.only === undefined && failuresOf(result) === 0) {
    const summary = JSON.stringify(summaryOf(result, deviations, subjects(server.version)), null, 2);
    writeFileSync(join(import.meta.dirname, '../../../contracts/parity/doorkeeper.json'), `${summary}\n`);
  }
  return failuresOf(result) === 0 ? 0 : 1;
}

function subjects(doorkeeper: string): Subjects {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  return {
    real: { name: 'Doorkeeper', version: doorkeeper },
    fake: { version, commit, settings: FAKE_SETTINGS },
    date: new Date().toISOString().slice(0, 10),
  };
}
