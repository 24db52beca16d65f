/** The peers, as their own documentation starts them: which give the same answer as the fake's GET /v2/account. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cache, type Installed, install, installWireMock } from './installed.ts';
import type { Program } from './processes.ts';

export interface Peer extends Program {
  /** The account, as the fake does, or tokens alone. */
  serves: 'account' | 'tokens';
  /** What it takes on the disk. */
  installed: Pick<Installed, 'megabytes'> & Partial<Pick<Installed, 'packages'>>;
}

/** What is written for the peers to serve. */
export interface Subject {
  path: string;
  body: string;
  authorization: string;
}

interface Recipe {
  name: string;
  make: (subject: Subject, first: Program['first']) => Peer | { missing: string };
}

const servers = join(import.meta.dirname, 'servers');

/** A file of the benchmark's own. */
function written(name: string, content: object): string {
  const folder = join(cache, 'files');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify(content, null, 2));
  return file;
}

const documentOf = ({ path, body }: Subject) =>
  written('openapi.json', {
    openapi: '3.0.3',
    info: { title: 'account', version: '1' },
    components: { securitySchemes: { basic: { type: 'http', scheme: 'basic' } } },
    paths: {
      [path]: {
        get: {
          operationId: 'getAccount',
          security: [{ basic: [] }],
          responses: {
            200: {
              description: 'the account',
              content: { 'application/json': { schema: { type: 'object' }, example: JSON.parse(body) } },
            },
          },
        },
      },
    },
  });

/** A peer that npm installs. `args` are for Node, in the folder where it is installed. */
const npmPeer = (
  name: string,
  folder: string,
  args: (port: number, subject: Subject, home: string) => string[],
): Recipe => ({
  name,
  make: (subject, first) => {
    const installed = install(folder);
    // json-server does not start without it.
    mkdirSync(join(installed.folder, 'public'), { recursive: true });
    return {
      ...{ name, first, installed, serves: 'account' as const },
      command: (port) => ({
        program: process.execPath,
        args: args(port, subject, installed.folder),
        cwd: installed.folder,
      }),
    };
  },
});

const inModules = (home: string, file: string) => join(home, 'node_modules', file);

const RECIPES: Recipe[] = [
  npmPeer('Prism', 'prism', (port, subject, home) => [
    ...[inModules(home, '@stoplight/prism-cli/dist/index.js'), 'mock', documentOf(subject)],
    ...['--host', '127.0.0.1', '--port', String(port), '--verboseLevel', 'silent', '--multiprocess', 'false'],
  ]),
  npmPeer('Mockoon', 'mockoon', (port, subject, home) => [
    ...[inModules(home, '@mockoon/cli/bin/run.js'), 'start', '--data', mockoonFile(port, subject)],
    ...['--port', String(port), '--disable-log-to-file'],
  ]),
  npmPeer('Scalar mock server', 'scalar', (port, subject) => [
    ...[join(servers, 'scalar.mjs'), String(port), documentOf(subject)],
  ]),
  npmPeer('json-server', 'json-server', (port, { path, body }, home) => [
    ...[inModules(home, 'json-server/lib/bin.js'), '--host', '127.0.0.1', '--port', String(port)],
    written('json-server.json', { [path.split('/').at(-1) ?? '']: JSON.parse(body) }),
  ]),
  npmPeer('openapi-backend', 'openapi-backend', (port, subject) => [
    ...[join(servers, 'openapi-backend.cjs'), String(port), documentOf(subject)],
  ]),
  {
    name: 'oauth2-mock-server',
    make: () => {
      const installed = install('oauth2-mock-server');
      const file = inModules(installed.folder, 'oauth2-mock-server/dist/oauth2-mock-server.mjs');
      return {
        ...{ name: 'oauth2-mock-server', installed, serves: 'tokens' },
        command: (port) => ({ program: process.execPath, args: [file, '-a', '127.0.0.1', '-p', String(port)] }),
        first: { path: '/.well-known/openid-configuration' },
      };
    },
  },
  {
    name: 'WireMock',
    make: (subject, first) => {
      const found = installWireMock();
      if ('missing' in found) return found;
      return {
        ...{ name: 'WireMock', first, installed: { megabytes: found.megabytes }, serves: 'account' },
        command: (port) => ({
          program: 'java',
          args: [
            ...['-jar', found.jar, '--bind-address', '127.0.0.1', '--port', String(port), '--disable-banner'],
            ...['--no-request-journal', '--disable-request-logging', '--root-dir', wireMockFolder(subject)],
          ],
        }),
      };
    },
  },
];

export const peerNames = RECIPES.map(({ name }) => name);

/** Installs what is asked for. Those that cannot be had here are told, with the reason. */
export function installPeers(wanted: string[], subject: Subject): { peers: Peer[]; missing: string[] } {
  const missing: string[] = [];
  const peers = RECIPES.filter(({ name }) => wanted.includes(name)).flatMap(({ name, make }) => {
    // json-server serves what is at the end of the path, at the root.
    const path = name === 'json-server' ? `/${subject.path.split('/').at(-1)}` : subject.path;
    const made = make(subject, { path, headers: { authorization: subject.authorization } });
    if ('installed' in made) return [made];
    missing.push(`${name}: ${made.missing}`);
    return [];
  });
  return { peers, missing };
}

function mockoonFile(port: number, { path, body }: Subject): string {
  const id = (number: number) => `00000000-0000-4000-8000-00000000000${number}`;
  const response = {
    ...{
      uuid: id(3),
      body,
      latency: 0,
      statusCode: 200,
      label: '',
      bodyType: 'INLINE',
      filePath: '',
      databucketID: '',
    },
    ...{ headers: [{ key: 'Content-Type', value: 'application/json' }], sendFileAsBody: false, rules: [] },
    ...{
      rulesOperator: 'OR',
      disableTemplating: true,
      fallbackTo404: false,
      default: true,
      crudKey: 'id',
      callbacks: [],
    },
  };
  const route = {
    ...{ uuid: id(2), type: 'http', documentation: '', method: 'get', endpoint: path.slice(1), responses: [response] },
    ...{ responseMode: null, streamingMode: null, streamingInterval: 0 },
  };
  return written('mockoon.json', {
    ...{ uuid: id(1), lastMigration: 33, name: 'account', port, hostname: '127.0.0.1', endpointPrefix: '', latency: 0 },
    ...{
      folders: [],
      routes: [route],
      rootChildren: [{ type: 'route', uuid: id(2) }],
      proxyMode: false,
      proxyHost: '',
    },
    ...{ proxyRemovePrefix: false, proxyReqHeaders: [], proxyResHeaders: [], headers: [], data: [], callbacks: [] },
    ...{
      cors: false,
      tlsOptions: { enabled: false, type: 'CERT', pfxPath: '', certPath: '', keyPath: '', caPath: '', passphrase: '' },
    },
  });
}

function wireMockFolder({ path, body, authorization }: Subject): string {
  mkdirSync(join(cache, 'files/wiremock/mappings'), { recursive: true });
  written('wiremock/mappings/account.json', {
    request: { method: 'GET', url: path, headers: { Authorization: { equalTo: authorization } } },
    response: { status: 200, headers: { 'Content-Type': 'application/json' }, body },
  });
  return join(cache, 'files/wiremock');
}
