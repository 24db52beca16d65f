/** What the command line of the benchmark says. */
import { parseArgs } from 'node:util';
import { peerNames } from './peers.ts';

export interface Options {
  /** Of a measurement. */
  seconds: number;
  rounds: number;
  starts: number;
  /** Ids of cases; all if empty. */
  only: string[];
  peers: string[];
  readme: boolean;
}

export const USAGE = `npm run bench -- [--quick] [--only CASE]… [--peers none|all|NAME]… [--readme]
  --quick        fewer and shorter rounds
  --only CASE    one case; may be given again
  --peers NAME   all (the default), none, or one of: ${peerNames.join(', ')}
  --readme       puts the table into README.md`;

/** Throws an Error that says what is wrong. */
export function parseOptions(args: string[], caseIds: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      peers: { type: 'string', multiple: true, default: ['all'] },
      readme: { type: 'boolean', default: false },
    },
  });
  const { quick, only, readme } = values;
  const unknown = only.find((id) => !caseIds.includes(id));
  if (unknown !== undefined) throw new Error(`"${unknown}" is no case; there are: ${caseIds.join(', ')}`);
  const plan = quick ? { seconds: 0.8, rounds: 3, starts: 5 } : { seconds: 2, rounds: 5, starts: 11 };
  return { ...plan, only, peers: values.peers.flatMap(namesOf), readme };
}

function namesOf(word: string): string[] {
  if (word === 'none') return [];
  if (word === 'all') return peerNames;
  const found = peerNames.find((name) => name.toLowerCase() === word.toLowerCase());
  if (found === undefined) throw new Error(`"${word}" is no peer; there are: none, all, ${peerNames.join(', ')}`);
  return [found];
}
