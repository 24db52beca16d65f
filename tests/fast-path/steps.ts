/** Random steps from a seed: mostly questions that were asked before, among changes of everything that an answer depends on. */
import type { FaultInput, SettingsPatch } from '../../mock-server/index.ts';
import { basic, bearer } from '../support/ask.ts';
import type { Question } from './twins.ts';

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export const pick = <T>(from: readonly T[], random: () => number): T => from[Math.floor(random() * from.length)] as T;

/** What the steps have learned on their way. */
export interface Found {
  tokens: { sipgate: string[]; sipsim: string[] };
  clients: string[];
  tags: string[];
  calls: string[];
}

export const nothingFound = (): Found => ({ tokens: { sipgate: [], sipsim: [] }, clients: [], tags: [], calls: [] });

const PAT = basic('token-FQ1V12', 'e68ead46-a7db-46cd-8a1a-44aed1e4e372');
const CLIENT = '2556404-0-dc848ae6-085c-11e8-92a6-31b99c83912e:third-party';
const REALM = '/auth/realms/third-party';
const CONNECT = `${REALM}/protocol/openid-connect`;

const READS = [
  ...['/v2/account', '/v2/balance', '/v2/users', '/v2/authorization/userinfo', '/v2/authorization/oauth2/clients'],
  ...['/v2/account?a=b', '/v2/account/', '/v2//account', '/v2/nothing', '/v2/authorization/oauth2/clients/%zz'],
  ...[`/v2/authorization/oauth2/clients/${encodeURIComponent(CLIENT)}`, '/v2/authorization/oauth2/clients/x/gdpr'],
  ...['/api/v2/account', '/api/v2/phones', '/api/v2/phones?status=active', '/api/v2/phones?status=x', '/api/v2/calls'],
  ...['/api/v2/calls?limit=2', '/api/v2/calls?limit=-1', '/api/v2/tags', '/api/v2/webhooks', '/api/v2/calls/1'],
  ...['/api/v2/webhooks/available', '/api/v2/account/', '/account', '/authorization/oauth2/clients', '/nowhere'],
  ...[`${REALM}/.well-known/openid-configuration`, `${CONNECT}/certs`, `${CONNECT}/userinfo`, `${CONNECT}/auth`],
  ...['/oauth/token/info', '/auth/realms/none/x', '/login/third-party/protocol/openid-connect/token', '/'],
];

const CREDENTIALS = (found: Found): (string | string[] | undefined)[] => [
  ...[PAT, PAT, PAT, undefined, 'Bearer garbage', basic('token-FQ1V12', 'wrong'), 'Bearer', 'Basic %%%', 'bearer x'],
  ...[basic('token-ACCRD1', '9d2f0c0e-55a1-4a43-8d5c-9b0c6a3d7b21'), [PAT, 'Bearer x']],
  ...found.tokens.sipgate.slice(-3).flatMap((token) => [bearer(token), bearer(token), bearer(`${token}x`)]),
  ...found.tokens.sipsim.slice(-3).flatMap((token) => [bearer(token), bearer(token), `bearer ${token}`]),
];

const FURTHER: Record<string, string>[] = [
  ...[{}, {}, {}, {}, { origin: 'http://localhost:3000' }, { origin: 'https://ünsafe'.normalize('NFC') }],
  ...[{ accept: 'text/html' }, { accept: 'application/json' }, { 'x-request-id': '1' }, { host: 'other.example:1' }],
  ...[
    { dpop: 'x' },
    { 'access-control-request-method': 'GET' },
    { 'content-type': 'text/plain' },
    { host: 'fake.example:80' },
  ],
];

export function randomRead(found: Found, random: () => number): Question {
  const paths = [
    ...READS,
    ...found.clients.slice(-2).map((id) => `/v2/authorization/oauth2/clients/${encodeURIComponent(id)}`),
    ...found.calls.slice(-2).flatMap((id) => [`/api/v2/calls/${id}`, `/api/v2/calls/${id}/transcription`]),
  ];
  const authorization = pick(CREDENTIALS(found), random);
  return {
    method: pick(['GET', 'GET', 'GET', 'GET', 'GET', 'HEAD', 'OPTIONS'], random),
    path: pick(paths, random),
    headers: { ...pick(FURTHER, random), ...(authorization !== undefined && { authorization }) },
  };
}

const json = (method: string, path: string, authorization: string, value?: object): Question => ({
  ...{ method, path, headers: { authorization, ...(value && { 'content-type': 'application/json' }) } },
  ...(value && { body: JSON.stringify(value) }),
});
const form = (path: string, fields: Record<string, string>): Question => ({
  ...{ method: 'POST', path, headers: { 'content-type': 'application/x-www-form-urlencoded' } },
  body: new URLSearchParams({ grant_type: 'client_credentials', ...fields }).toString(),
});

export function randomWrite(found: Found, random: () => number): Question {
  const clients = '/v2/authorization/oauth2/clients';
  const client = { name: `n${Math.floor(random() * 9)}`, description: 'd', redirectUris: [], webOrigins: [] };
  const at = `${clients}/${encodeURIComponent(pick([...found.clients, CLIENT, 'none'], random))}`;
  const sipsim = bearer(pick([...found.tokens.sipsim, 'none'], random));
  const tag = pick([...found.tags, '1'], random);
  const call = pick([...found.calls, '1'], random);
  const hook = '/api/v2/webhooks/incoming_call_start';
  return pick(
    [
      ...[json('POST', clients, PAT, client), json('POST', clients, PAT, { ...client, name: 1 })],
      ...[json('PUT', at, PAT, client), json('DELETE', at, PAT), json('POST', '/v2/account', PAT, {})],
      json('POST', '/api/v2/tags', sipsim, { name: `t${Math.floor(random() * 9)}` }),
      ...[json('PATCH', `/api/v2/tags/${tag}`, sipsim, { name: 'u' }), json('DELETE', `/api/v2/tags/${tag}`, sipsim)],
      json('PUT', `/api/v2/calls/${call}/tags/${tag}`, sipsim),
      ...[
        json('POST', `/api/v2/calls/${call}/transcription`, sipsim),
        json('POST', hook, sipsim),
        json('DELETE', hook, sipsim),
      ],
      form('/oauth/token', { client_id: 'sipsim-demo', client_secret: '3c9f1e7a5b2d4f6081a3c5e7092b4d6f' }),
      form('/oauth/token', { client_id: 'sipsim-demo', client_secret: 'wrong' }),
      form(`${CONNECT}/token`, { client_id: CLIENT, client_secret: 's1p:g4te+100%/geheim', scope: 'account:read' }),
      { method: 'GET', path: '/v2/account', headers: { authorization: PAT, 'content-length': '4' }, body: 'body' },
    ],
    random,
  );
}

const SETTINGS: SettingsPatch[] = [
  ...(['empty', 'errors', 'name-message'] as const).map((errorBody) => ({ sipgate: { errorBody } })),
  ...[true, false].flatMap((on) => [
    { sipgate: { wwwAuthenticate: on } },
    { sipgate: { passwordBasic: on } },
    { server: { reasonHeader: on } },
    { server: { journal: on } },
    { sipsim: { errorTimestamp: on } },
  ]),
  ...[
    { server: { publicUrl: 'https://fake.test' } },
    { server: { publicUrl: '' } },
    { sipsim: { wrongMethod: 405 as const } },
  ],
  ...[{ server: { journalBody: 20 } }, { server: { journalBody: 65_536 } }, { sipsim: { callIds: 'string' as const } }],
];
export const randomSettings = (random: () => number): SettingsPatch => pick(SETTINGS, random);

const FAULTS: FaultInput[] = [
  { answer: { status: 503, retryAfter: '30s' }, times: 2 },
  { match: { operation: 'sipgate.getAccount' }, answer: { status: 500 }, every: 2 },
  { match: { method: 'HEAD' }, answer: { status: 429 } },
  { limit: { requests: 2, window: '1m' } },
  { answer: { status: 502 }, probability: 0.5 },
  { match: { operation: '*.createToken' }, token: 'expired', times: 1 },
  { match: { operation: '*.createToken' }, token: 'wrong-issuer', times: 1 },
  { match: { path: '/api/*' }, connection: 'empty', times: 1 },
];
export const randomFault = (random: () => number): FaultInput => pick(FAULTS, random);
