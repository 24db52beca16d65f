/** Ends the command with one clear line and an exit code; no stack trace. */

export const EXIT = { usage: 2, unable: 3 } as const;

export class CliError extends Error {
  override name = 'CliError';
  readonly exitCode: number;

  constructor(message: string, exitCode: number) {
    super(message);
    this.exitCode = exitCode;
  }
}
