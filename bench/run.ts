/** `npm run bench`: measures the fake, its peers and a bare server side by side, prints and saves one table. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writePart } from '../scripts/readme-part.ts';
import { type Case, cases, type Scene } from './cases.ts';
import { ACCOUNT, bare, fake, PAT } from './fake.ts';
import { cache, type Installed, install, installOwn } from './installed.ts';
import { describeMachine, isBusy } from './machine.ts';
import { type Options, parseOptions, USAGE } from './options.ts';
import { installPeers } from './peers.ts';
import { endOnSignals, start } from './processes.ts';
import { markdownOf, type Report } from './report.ts';
import { takeTurns } from './rounds.ts';
import { measureInProcess, measureSigning, measureStarts } from './starts.ts';
import { buildWide } from './wide.ts';

/** Beside the cases of load. */
const OTHERS = ['start', 'in-process'];

endOnSignals();
const machine = describeMachine();
const options = optionsOf(process.argv.slice(2));
const own = installOwn();
const home = join(own.folder, 'node_modules/sidetone');
const body = await accountOf(home);
const { peers, missing } = installPeers(options.peers, { path: ACCOUNT, body, authorization: PAT });
const scene: Scene = { home, wideHome: once(buildWide), body, peers };
const wanted = (id: string) => options.only.length === 0 || options.only.includes(id);

if (isBusy(machine)) console.error(`others use this machine (load ${machine.load}): the figures say little`);
const report: Report = {
  ...{ machine, missing, sizes: sizesOf(own) },
  cases: await measureCases(cases.filter(({ id }) => wanted(id))),
  starts: wanted('start') ? await measureStarts([bare(body), fake(home), ...peers], options.starts) : [],
  inProcess: wanted('in-process') ? measureInProcess(home, options.starts) : {},
  ...(wanted('token-rs256') && { signing: measureSigning(options.seconds) }),
};
save(report);

function optionsOf(args: string[]): Options {
  try {
    return parseOptions(args, [...cases.map(({ id }) => id), ...OTHERS]);
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    process.exit(2);
  }
}

async function accountOf(home: string): Promise<string> {
  const running = await start(fake(home));
  const answer = await fetch(running.url + ACCOUNT, { headers: { authorization: PAT } });
  const text = await answer.text();
  await running.stop();
  return text;
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

async function measureCases(wanted: Case[]): Promise<Report['cases']> {
  if (wanted.length === 0) return [];
  const { folder: generator } = install('generator');
  const turns = { generator, wrk: machine.wrk !== undefined, ...options };
  const done: Report['cases'] = [];
  for (const { id, title, contenders } of wanted) {
    console.error(`${id}: ${title}`);
    done.push({ id, title, rows: await takeTurns(await contenders(scene), turns) });
  }
  return done;
}

function sizesOf(own: Installed): Report['sizes'] {
  const sizes = peers.map(({ name, installed: { megabytes, packages } }) => ({
    ...{ name, megabytes },
    ...(packages !== undefined && { packages }),
  }));
  return [{ name: 'Sidetone', megabytes: own.megabytes, packages: own.packages }, ...sizes];
}

function save(report: Report): void {
  const text = markdownOf(report);
  mkdirSync(cache, { recursive: true });
  writeFileSync(join(cache, 'result.json'), `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(join(cache, 'result.md'), `${text}\n`);
  console.log(text);
  if (options.readme) writePart('bench', text);
}
