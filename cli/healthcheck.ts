/** `sidetone healthcheck`: for containers without curl. */
import { Command } from 'commander';
import { option, parsePort, parseUrl, resolveOptions } from './options.ts';

export function healthcheckCommand(): Command {
  return new Command('healthcheck')
    .description('exit 0 if the fake answers, 1 if not')
    .addOption(option('--url <url>', 'where it should answer; default: loopback and the port', parseUrl))
    .addOption(option('--port <port>', 'port on loopback', parsePort).default(4010))
    .action(async (_options, command: Command) => {
      const { url, port } = await resolveOptions<{ url?: string; port: number }>(command);
      process.exitCode = (await isHealthy(url ?? `http://127.0.0.1:${port}`)) ? 0 : 1;
    });
}

async function isHealthy(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/health`, { signal: AbortSignal.timeout(2_000) })).status === 200;
  } catch {
    return false;
  }
}
