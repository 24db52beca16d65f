/** Signals that are sent to `exec`: the command's while there is one, and the end of everything before. */
import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';

export interface Signals {
  /** Aborted by the first signal that comes while there is no command. */
  interrupted: AbortSignal;
  /** As shells have it, once it is aborted. */
  exitCode(): number;
  /** From now on they are the command's. */
  passTo(child: ChildProcess): void;
  /** They do again what they do by default. */
  release(): void;
}

const CAUGHT = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGQUIT', 'SIGINT'] as const;

/** Catches them until they are released: whatever is there by then can be cleaned up. */
export function catchSignals(): Signals {
  const interruption = new AbortController();
  let child: ChildProcess | undefined;
  const take = (signal: NodeJS.Signals) => {
    if (!child) interruption.abort(signal);
    // A terminal sends SIGINT to the command as well. Nothing is sent to one that has ended.
    else if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  };
  for (const signal of CAUGHT) process.on(signal, take);
  return {
    interrupted: interruption.signal,
    exitCode: () => codeOf(interruption.signal.reason as NodeJS.Signals),
    passTo: (command) => {
      child = command;
    },
    release: () => {
      for (const signal of CAUGHT) process.off(signal, take);
    },
  };
}

/** As shells have it: 128 and the number of the signal. */
export const codeOf = (signal: NodeJS.Signals): number => 128 + constants.signals[signal];
