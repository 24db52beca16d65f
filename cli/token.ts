/** `sidetone token`: mints an access token on a running fake and prints it alone. */
import { Command } from 'commander';
import { CliError, EXIT } from './cli-error.ts';
import { option, parsePositive, parseUrl, resolveOptions } from './options.ts';

interface TokenOptions {
  url: string;
  provider: 'sipgate' | 'sipsim';
  client?: string;
  scope?: string;
  expiresIn?: number;
}

export function tokenCommand(): Command {
  return new Command('token')
    .description('mint an access token on a running fake and print it alone on stdout')
    .addOption(option('--url <url>', 'where the fake answers', parseUrl).default('http://127.0.0.1:4010'))
    .addOption(option('--provider <name>', 'whose token').choices(['sipgate', 'sipsim']).default('sipgate'))
    .addOption(option('--client <id>', 'in whose name; default: the first client'))
    .addOption(option('--scope <scopes>', 'separated by spaces; default: all that the client may have'))
    .addOption(option('--expires-in <seconds>', "life of the token; default: the provider's", parsePositive))
    .action(async (_options, command: Command) => {
      console.log(await mint(await resolveOptions<TokenOptions>(command)));
    });
}

async function mint({ url, provider, client, scope, expiresIn }: TokenOptions): Promise<string> {
  const wish = { provider, client, scopes: scope?.split(' ').filter((name) => name !== ''), expiresIn };
  const { SIDETONE_ADMIN_TOKEN: adminToken } = process.env;
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (adminToken) headers.authorization = `Bearer ${adminToken}`;
  const answer = await fetch(`${url}/__admin/tokens`, { method: 'POST', headers, body: JSON.stringify(wish) }).catch(
    () => {
      throw new CliError(`no fake answers at ${url}; start one with: sidetone start`, EXIT.unable);
    },
  );
  const body = (await answer.json().catch(() => ({}))) as { accessToken?: string; error?: string };
  if (answer.status === 400) throw new CliError(body.error ?? 'the fake refuses the request', EXIT.usage);
  if (body.accessToken === undefined) {
    throw new CliError(`${url} answers ${answer.status}: ${body.error ?? 'is it a Sidetone?'}`, EXIT.unable);
  }
  return body.accessToken;
}
