/** What is measured. In each case all contenders run at once, and take turns. */
import {
  asking,
  type Contender,
  SAME_KEY,
  withForeignTokens,
  withFreshTokens,
  withInventedTokens,
  withToken,
} from './contenders.ts';
import { ACCOUNT, bare, fake, PAT, SIPGATE_CLIENT, SIPGATE_TOKEN, SIPSIM_CLIENT } from './fake.ts';
import { featureCases } from './feature-cases.ts';
import type { Peer } from './peers.ts';

export interface Scene {
  /** Folder of the package under test. */
  home: string;
  /** The same with 180 operations in its document. */
  wideHome: () => Promise<string>;
  /** The answer of GET /v2/account. */
  body: string;
  peers: Peer[];
}

export interface Case {
  id: string;
  title: string;
  contenders: (scene: Scene) => Contender[] | Promise<Contender[]>;
}

export const authorized = { path: ACCOUNT, headers: { authorization: PAT } };

export const bareContender = (
  body: string,
  asked = authorized as Parameters<typeof asking>[0],
  status = 200,
): Contender => ({
  ...{ name: 'node:http', program: bare(body, { status }), expected: [status], plan: asking(asked) },
});

/** The fastest that a peer can do: an answer that never changes. @param planOf the load on that path. */
const alwaysTheSame = (
  peers: Peer[],
  names?: string[],
  planOf = (path: string) => asking({ path, headers: { authorization: PAT } }),
): Contender[] =>
  peers
    .filter(({ name, serves }) => serves === 'account' && (names?.includes(name) ?? true))
    .map((program) => ({ name: `${program.name}, static`, program, plan: planOf(program.first.path) }));

const form = (fields: Record<string, string>) => ({
  method: 'POST' as const,
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: new URLSearchParams(fields).toString(),
});

export const sipsimToken = {
  path: '/oauth/token',
  ...form({
    ...{ grant_type: 'client_credentials', scope: 'account.read' },
    ...{ client_id: SIPSIM_CLIENT.id, client_secret: SIPSIM_CLIENT.secret },
  }),
};
const sipgateToken = {
  path: SIPGATE_TOKEN,
  ...form({ grant_type: 'client_credentials', client_id: SIPGATE_CLIENT.id, client_secret: SIPGATE_CLIENT.secret }),
};

const CLIENTS = '/v2/authorization/oauth2/clients';

/** Creates a client, reads it and deletes it. */
export const clientLife: Contender['plan'] = asking(
  {
    ...{ method: 'POST', path: CLIENTS, remember: 'clientId' },
    headers: { authorization: PAT, 'content-type': 'application/json' },
    body: JSON.stringify({
      name: 'bench',
      description: '',
      redirectUris: ['http://localhost:3000/cb'],
      webOrigins: [],
    }),
  },
  { path: `${CLIENTS}/{id}`, headers: { authorization: PAT } },
  { method: 'DELETE', path: `${CLIENTS}/{id}`, headers: { authorization: PAT } },
);

/** What a load of the same kind costs whoever makes it: a request of three is made of the answer before. */
const threeOf = (path: string): Contender['plan'] => {
  const request = { path, headers: { authorization: PAT } };
  const next = { ...request, path: `${path}?{id}` };
  return asking({ ...request, remember: 'clientId' }, next, next);
};

/** Requests per second that fresh bearers are minted for. */
const FRESH = 3_000;

const invented = (path: string) => withInventedTokens(path, FRESH);

export const cases: Case[] = [
  {
    ...{ id: 'pat', title: 'GET /v2/account, personal access token' },
    contenders: ({ home, body, peers }) => [
      bareContender(body),
      { name: 'Sidetone', program: fake(home), plan: asking(authorized) },
      ...alwaysTheSame(peers),
    ],
  },
  {
    ...{ id: 'sipgate-jwt', title: 'GET /v2/account, sipgate JWT (RS256) seen before' },
    contenders: ({ home, body }) => [
      bareContender(body),
      { name: 'Sidetone', program: fake(home), plan: withToken(ACCOUNT, 'sipgate') },
    ],
  },
  {
    ...{ id: 'sipsim-jwt', title: 'GET /api/v2/account, SIPSIM JWT (HS256) seen before' },
    contenders: ({ home, body }) => [
      bareContender(body),
      { name: 'Sidetone', program: fake(home), plan: withToken('/api/v2/account', 'sipsim') },
    ],
  },
  {
    ...{ id: 'fresh-jwt', title: 'GET /v2/account, each RS256 bearer for the first time' },
    contenders: ({ home, body, peers }) => [
      { ...bareContender(body), plan: invented(ACCOUNT) },
      { name: 'Sidetone', program: fake(home), plan: withFreshTokens(ACCOUNT, FRESH) },
      ...alwaysTheSame(peers, ['Prism'], invented),
    ],
  },
  {
    ...{ id: 'foreign-jwt', title: 'the same, signed by another process with the same key' },
    contenders: ({ home, body, peers }) => [
      { ...bareContender(body), plan: invented(ACCOUNT) },
      {
        ...{ name: 'Sidetone', program: fake(home, { flags: SAME_KEY }) },
        ...withForeignTokens(home, ACCOUNT, FRESH),
      },
      ...alwaysTheSame(peers, ['Prism'], invented),
    ],
  },
  {
    ...{ id: 'token-hs256', title: 'POST /oauth/token (SIPSIM, HS256)' },
    contenders: ({ home, body }) => [
      bareContender(body, sipsimToken),
      { name: 'Sidetone', program: fake(home), plan: asking(sipsimToken) },
    ],
  },
  {
    ...{ id: 'token-rs256', title: 'POST …/openid-connect/token (sipgate, RS256)' },
    contenders: ({ home, body, peers }) => [
      bareContender(body, sipgateToken),
      { name: 'Sidetone', program: fake(home), plan: asking(sipgateToken) },
      ...peers
        .filter(({ serves }) => serves === 'tokens')
        .map((program) => ({ name: program.name, program, plan: asking({ ...sipgateToken, path: '/token' }) })),
    ],
  },
  {
    ...{ id: 'clients', title: 'POST, GET, DELETE of an OAuth client' },
    contenders: ({ home, body, peers }) => [
      { ...bareContender(body), plan: threeOf(ACCOUNT) },
      { name: 'Sidetone', program: fake(home), expected: [200, 202], plan: clientLife },
      ...alwaysTheSame(peers, ['Prism'], threeOf),
    ],
  },
  {
    ...{ id: '401', title: 'GET /v2/account without credentials: 401' },
    contenders: ({ home, body, peers }) => [
      bareContender(body, { path: ACCOUNT }, 401),
      { name: 'Sidetone', program: fake(home), expected: [401], plan: asking({ path: ACCOUNT }) },
      ...alwaysTheSame(peers, ['Prism']),
    ],
  },
  {
    ...{ id: '404', title: 'GET of an unknown path: 404' },
    contenders: ({ home, body, peers }) => [
      bareContender(body, { path: '/v2/nothing' }, 404),
      { name: 'Sidetone', program: fake(home), expected: [404], plan: asking({ path: '/v2/nothing' }) },
      ...alwaysTheSame(peers, ['Prism']),
    ],
  },
  ...featureCases,
];
