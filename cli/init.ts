/** `sidetone init`: writes a commented seed file and a deviations file to begin with. */
import { existsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Command } from 'commander';
import { CliError, EXIT } from './cli-error.ts';
import { option, resolveOptions } from './options.ts';
import { DEVIATIONS_FILE } from './verify/deviations.ts';

export function initCommand(): Command {
  return new Command('init')
    .description('write a commented seed file, and a deviations file beside it')
    .argument('[file]', 'where to', 'sidetone.seed.yaml')
    .addOption(option('--force', 'over a file that is there'))
    .action(async (file: string, _options, command: Command) => {
      const { force } = await resolveOptions<{ force?: boolean }>(command);
      write(file, SEED, force ?? false);
      console.log(`${file} is written; serve it with: sidetone start --seed ${file} --watch`);
      const deviations = join(dirname(file), DEVIATIONS_FILE);
      // Whoever has one keeps it: what stands in it was thought about.
      if (existsSync(deviations)) return;
      write(deviations, DEVIATIONS, false);
      console.log(`${deviations} is written; sidetone verify reads it`);
    });
}

function write(file: string, text: string, force: boolean): void {
  try {
    writeFileSync(file, text, { flag: force ? 'w' : 'wx' });
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

const DEVIATIONS = `# What is known to fail in \`sidetone verify\`, and why that is right. It fails the run if it fails no more, in another
# way, or after the day on which it expires. \`sidetone verify --update-deviations\` writes what fails; the reason is yours.
deviations: []
#  - check: sipgate.BAS-02b
#    operation: sipgate.getAccount
#    target: real # mock, real, or the name of a target, such as its URL
#    instead: # what comes instead of what the check expects
#      status: 401
#      failure: 'GET /v2/account -> 401: expected the header WWW-Authenticate' # * stands for any text
#    class: real # whose fault: real, document, fake; or environment: this account alone
#    reason: The gateway drops the header; the vendor knows, and will not change it before spring.
#    ticket: VENDOR-4711
#    firstSeen: '2026-11-28'
#    expires: '2027-03-01' # at most 180 days after firstSeen
#    mockReproduces: false # true: the fake fails in the same way, by its settings
`;
