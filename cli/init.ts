/** `sidetone init`: writes a commented seed file to begin with. */
import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { CliError, EXIT } from './cli-error.ts';
import { option, resolveOptions } from './options.ts';

export function initCommand(): Command {
  return new Command('init')
    .description('write a commented seed file')
    .argument('[file]', 'where to', 'sidetone.seed.yaml')
    .addOption(option('--force', 'over a file that is there'))
    .action(async (file: string, _options, command: Command) => {
      const { force } = await resolveOptions<{ force?: boolean }>(command);
      write(file, force ?? false);
      console.log(`${file} is written; serve it with: sidetone start --seed ${file} --watch`);
    });
}

function write(file: string, force: boolean): void {
  try {
    writeFileSync(file, SEED, { flag: force ? 'w' : 'wx' });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'EEXIST' ? 'it is there already; --force writes over it' : code;
    throw new CliError(`cannot write "${file}": ${why}`, EXIT.usage);
  }
}

const SEED = `# yaml-language-server: $schema=./node_modules/sidetone/mock-server/seed.schema.json
# The data of a Sidetone fake. Serve it with: sidetone start --seed FILE --watch
# Nothing here has to be real, and nothing here should be.

# default: what stands here comes before the default data, an item of the same id in its place.
# none: what stands here is all there is.
extends: default

sipgate:
  account:
    company: Example & Söhne GmbH
    balance: { amount: 120000, currency: EUR } # in 1/10000

  # Personal access tokens: id and token are user and password of Basic authentication.
  personalAccessTokens:
    - id: token-EXMPL1
      token: 11111111-2222-4333-8444-555555555555
      user: w0 # of the default data: the admin
      scopes: [all]
    - id: token-EXMPL2 # for a 403
      token: 66666666-7777-4888-8999-000000000000
      user: w0
      scopes: ['balance:read']

  # OAuth clients of the account.
  clients:
    - clientId: '1000000-0-example:third-party' # yes, with a colon
      clientSecret: 's3cret:with+signs%'
      realm: third-party
      account: '2556404' # of the default data; without it the client is the vendor's own
      enabled: true
      name: Example
      description: An example
      redirectUris: ['http://localhost:*']
      webOrigins: []
      privacyUrl: ''
      termsUrl: ''
      serviceAccount: true # may use the client credentials grant
      directAccessGrants: false # may use the password grant
      defaultScopes: []
      optionalScopes: ['*'] # every scope

  # Access tokens that are known by their value, for programs that cannot ask for one.
  accessTokens:
    - token: my-static-sipgate-token
      client: '1000000-0-example:third-party'
      scopes: ['account:read']
      expiresAt: '2099-01-01T00:00:00Z' # by the fake's clock; never without it

sipsim:
  integrations:
    - clientId: example-integration
      clientSecret: 0123456789abcdef0123456789abcdef
      scopes: [account.read, calls.read]
      clientCredentials: true
      account: { id: 4711, company_name: Example & Söhne GmbH, email: office@example.com }
  accessTokens:
    - token: my-static-sipsim-token
      client: example-integration
      scopes: [account.read]
`;
