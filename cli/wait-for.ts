/** `--wait-for`: other servers that a command needs, until each answers. */
import { connect } from 'node:net';
import { CliError, EXIT } from './cli-error.ts';

export interface Target {
  name: string;
  /** Whether it answers now. */
  answers(): Promise<boolean>;
}

const ONE_TRY = 1_000;
const BETWEEN_TRIES = 100;

/** A URL answers with any status under 500; a `host:port` takes connections. */
export function parseTarget(text: string): Target {
  if (/^https?:\/\//.test(text) && URL.canParse(text)) return { name: text, answers: () => urlAnswers(text) };
  const [, host = '', port = ''] = /^([\w.-]+|\[[0-9a-fA-F:.]+\]):(\d{1,5})$/.exec(text) ?? [];
  if (port !== '') return { name: text, answers: () => takesConnections(host.replace(/[[\]]/g, ''), Number(port)) };
  throw new CliError(`--wait-for: "${text}" is neither a URL nor host:port`, EXIT.usage);
}

/** Names of those that have not answered in time, or when it was given up. */
export async function waitForAll(targets: Target[], milliseconds: number, givenUp: AbortSignal): Promise<string[]> {
  const until = performance.now() + milliseconds;
  const waited = await Promise.all(
    targets.map(async (target) => ((await waitFor(target, until, givenUp)) ? [] : [target.name])),
  );
  return waited.flat();
}

async function waitFor(target: Target, until: number, givenUp: AbortSignal): Promise<boolean> {
  while (!(await target.answers())) {
    if (givenUp.aborted || performance.now() >= until) return false;
    await new Promise((resolve) => setTimeout(resolve, BETWEEN_TRIES));
  }
  return true;
}

async function urlAnswers(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(ONE_TRY), redirect: 'manual' });
    await answer.body?.cancel();
    return answer.status < 500;
  } catch {
    return false;
  }
}

function takesConnections(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: ONE_TRY });
    const end = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => end(true));
    socket.once('timeout', () => end(false));
    socket.once('error', () => end(false));
  });
}
