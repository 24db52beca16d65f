/** How long it takes to be there: as a program, and in a process of one's own tests. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { type Program, start } from './processes.ts';
import { median } from './rounds.ts';

export interface StartRow {
  name: string;
  /** Milliseconds from spawning to the first right answer; medians. */
  milliseconds?: number;
  ofBare?: number;
  /** MB, after that answer. */
  idle?: number;
  missing?: string;
}

/** Programs take turns. The first start of each, which may fill a cache, counts for nothing. */
export async function measureStarts(programs: Program[], starts: number): Promise<StartRow[]> {
  const rows = programs.map((program) => ({ program, times: [] as number[], idle: [] as number[], missing: '' }));
  for (let round = 0; round <= starts; round += 1) {
    console.error(`start: ${round} of ${starts}`);
    for (const row of rows.filter(({ missing }) => missing === '')) {
      try {
        const running = await start(row.program);
        const idle = running.memory();
        await running.stop();
        if (round === 0) continue;
        row.times.push(running.firstAnswer);
        if (idle !== undefined) row.idle.push(idle);
      } catch (error) {
        row.missing = (error as Error).message.split('\n').slice(0, 3).join(' ');
      }
    }
  }
  const bare = rows[0]?.times ?? [];
  return rows.map(({ program: { name }, times, idle, missing }) => {
    if (missing !== '') return { name, missing };
    const ratio = median(times.map((time, round) => time / (bare[round] ?? Number.NaN)));
    return { name, ...named('milliseconds', median(times)), ...named('ofBare', ratio), ...named('idle', median(idle)) };
  });
}

const named = (name: string, value: number | undefined) => (value === undefined ? {} : { [name]: value });

/** Milliseconds of the steps of startMock(), medians. */
export function measureInProcess(home: string, runs: number): Record<string, number> {
  const file = join(import.meta.dirname, 'servers/in-process.mjs');
  const steps = Array.from(
    { length: runs },
    () => JSON.parse(execFileSync(process.execPath, [file, home], { encoding: 'utf8' })) as Record<string, number>,
  );
  return Object.fromEntries(
    Object.keys(steps[0] ?? {}).map((step) => [step, median(steps.map((each) => each[step] ?? 0)) ?? 0]),
  );
}

/** RS256 signatures per second of a process that does nothing else. */
export function measureSigning(seconds: number): number {
  const file = join(import.meta.dirname, 'servers/signing-loop.mjs');
  const printed = execFileSync(process.execPath, [file, String(seconds * 1000)], { encoding: 'utf8' });
  return (JSON.parse(printed) as { perSecond: number }).perSecond;
}
