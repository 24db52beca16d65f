/**
 * `npm run falsify`: every broken server before the suite, once as the fake and once as the real API. Prints the kill
 * table; `--write` puts it into the README. Exit code 1 for one that is not caught, or blamed on somebody else.
 */
import { parseArgs } from 'node:util';
import { defects } from '../../contracts/index.ts';
import { writePart } from '../../scripts/readme-part.ts';
import { killAll } from './kills.ts';
import { isCaught, isRightlyBlamed, killTable } from './table.ts';

const { values: flags } = parseArgs({
  options: {
    /** Puts the table into the README. */
    write: { type: 'boolean', default: false },
  },
});

const kills = await killAll(defects);
const table = killTable(kills);
console.log(table);
const wrong = kills.filter((kill) => !isCaught(kill) || !isRightlyBlamed(kill));
for (const { defect, check, caught, blame } of wrong) {
  const what = caught === undefined ? 'NOT CAUGHT' : `blamed on ${blame.asFake} as fake, on ${blame.asReal} as real`;
  console.log(`${what}: "${defect}" by ${check}`);
}
if (flags.write) writePart('kill table', table);
process.exitCode = wrong.length > 0 ? 1 : 0;
