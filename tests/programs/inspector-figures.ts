/**
 * Measures what it costs to watch: how soon a request is seen, what the open page takes of the fake's throughput, and the
 * page's memory over many requests. Prints the figures that the README has: `node tests/programs/inspector-figures.ts`.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import type { CDPSession, Page } from 'playwright-core';
import { launchBrowser } from '../browser/chromium.ts';

const root = join(import.meta.dirname, '../..');
const REQUESTS = Number(process.argv[2] ?? 100_000);
const ROUNDS = 6;
const SECONDS = 4;

const fake = spawn(process.execPath, [join(root, 'cli/bin.ts'), 'start', '--port', '0', '--json'], { cwd: root });
const environment = await firstLine(fake);
const url = environment.SIDETONE_URL ?? '';
const authorization = `Basic ${Buffer.from(`${environment.SIPGATE_TOKEN_ID}:${environment.SIPGATE_TOKEN}`).toString('base64')}`;
const agent = new Agent({ keepAlive: true, maxSockets: 16 });
const browser = await launchBrowser();

async function firstLine({ stdout }: ChildProcess): Promise<Record<string, string>> {
  let text = '';
  for await (const chunk of stdout ?? []) {
    text += String(chunk);
    if (text.includes('\n')) break;
  }
  return JSON.parse(text) as Record<string, string>;
}

const ask = (path: string) =>
  new Promise<void>((resolve, reject) => {
    request(`${url}${path}`, { agent, headers: { authorization } }, (answer) => answer.resume().on('end', resolve))
      .on('error', reject)
      .end();
  });

interface Round {
  /** Requests in a second, 16 at a time. */
  rate: number;
  /** Microseconds of the fake's processor for one request; it does not depend on who else uses the machine. */
  cost: number;
}

async function load(seconds: number): Promise<Round> {
  const [before, end] = [processorTime(), performance.now() + seconds * 1_000];
  let count = 0;
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      for (; performance.now() < end; count += 1) await ask('/v2/account');
    }),
  );
  return { rate: count / seconds, cost: ((processorTime() - before) / count) * 1_000 };
}

/** Milliseconds that the fake has used (Linux: proc(5), in ticks of 10 ms). */
function processorTime(): number {
  const fields = readFileSync(`/proc/${fake.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function open(): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(`${url}/__admin/`);
  await page.locator('#connection.live').waitFor();
  return page;
}

const median = (values: number[]) => values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;

/** From just before a request is sent until its line is in the page. */
async function delays(page: Page): Promise<number[]> {
  const found: number[] = [];
  // While there is nothing to show, there is no table.
  await ask('/v2/account');
  await page.locator('tbody tr').first().waitFor();
  for (let number = 0; number < 60; number += 1) {
    const path = `/v2/account?seen=${number}`;
    const seen = page.evaluate<number>(
      `new Promise((resolve) => new MutationObserver((_, observer) => {
        if (!document.querySelector('tbody tr')?.textContent.includes('seen=${number}')) return;
        observer.disconnect();
        resolve(Date.now());
      }).observe(document.querySelector('tbody'), { childList: true }))`,
    );
    await page.evaluate('1');
    const sent = Date.now();
    await ask(path);
    found.push((await seen) - sent);
  }
  return found;
}

async function heapOf(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage');
  const { metrics } = await session.send('Performance.getMetrics');
  return (metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? 0) / 1_000_000;
}

const page = await open();
const times = await delays(page);
const sorted = times.toSorted((one, other) => one - other);
console.log(
  `seen after: median ${median(times)} ms, 95 of 100 within ${sorted[Math.floor(times.length * 0.95) - 1]} ms, worst ${sorted.at(-1)} ms`,
);
await page.close();

await load(3);
const [without, watched]: [Round[], Round[]] = [[], []];
for (let round = 0; round < ROUNDS; round += 1) {
  without.push(await load(SECONDS));
  const watching = await open();
  await load(1);
  watched.push(await load(SECONDS));
  await watching.close();
}
for (const [name, rounds] of Object.entries({ 'without the page': without, 'with the page open': watched })) {
  const [rates, costs] = [rounds.map(({ rate }) => rate), rounds.map(({ cost }) => cost)];
  console.log(
    `${name}: ${Math.round(median(rates))} requests a second, ${Math.round(median(costs))} µs of processor each`,
  );
}

const last = await open();
const session = await last.context().newCDPSession(last);
await session.send('Performance.enable');
let sent = 0;
for (const mark of [0.02, 0.1, 0.25, 0.5, 1]) {
  while (sent < REQUESTS * mark) {
    await Promise.all(Array.from({ length: 200 }, () => ask('/v2/account')));
    sent += 200;
  }
  const rows = await last.evaluate<number>(`document.querySelectorAll('tbody tr').length`);
  console.log(`after ${sent} requests: ${(await heapOf(session)).toFixed(1)} MB of heap in the page, ${rows} rows`);
}
await browser.close();
fake.kill('SIGTERM');
agent.destroy();
