/** `sidetone healthcheck`: for containers without curl. */
import { request } from 'node:http';
import { Command } from 'commander';
import { option, parsePort, parseUrl, resolveOptions } from './options.ts';

export function healthcheckCommand(): Command {
  return new Command('healthcheck')
    .description('exit 0 if the fake answers, 1 if not')
    .addOption(option('--url <url>', 'where it should answer; default: loopback and the port', parseUrl))
    .addOption(option('--port <port>', 'port on loopback', parsePort).default(4010))
    .action(async (_options, command: Command) => {
      const { url, port } = await resolveOptions<{ url?: string; port: number }>(command);
      const urls = url === undefined ? [`http://127.0.0.1:${port}`, `https://127.0.0.1:${port}`] : [url];
      for (const candidate of urls) if (await isHealthy(candidate)) return;
      process.exitCode = 1;
    });
}

async function isHealthy(url: string): Promise<boolean> {
  const ask = url.startsWith('https:') ? (await import('node:https')).request : request;
  return new Promise((resolve) => {
    // Whoever vouches for the certificate: it is asked whether it lives, and told nothing.
    const asked = ask(`${url}/health`, { timeout: 2_000, rejectUnauthorized: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    asked.once('timeout', () => asked.destroy()).once('error', () => resolve(false));
    asked.end();
  });
}
