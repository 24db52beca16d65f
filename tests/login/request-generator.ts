/** Makes requests to the login server out of good, nearly good and hostile parameters. */
import { createRandom, type Random } from './random.ts';

export interface RandomRequest {
  endpoint: EndpointName;
  method: 'GET' | 'POST';
  path: string;
  headers: Record<string, string>;
  body?: string;
  /** First value of each parameter that the endpoint reads. */
  sent: Map<string, string>;
}

export const ENDPOINTS = ['auth', 'token', 'revoke', 'token/introspect', 'userinfo', 'logout'] as const;
export type EndpointName = (typeof ENDPOINTS)[number];

/** Values that were good when the generator was told of them. */
export interface Treasure {
  codes: string[];
  accessTokens: string[];
  refreshTokens: string[];
  idTokens: string[];
  /** `Cookie` headers of browsers that are logged in. */
  cookies: string[];
  clients: TreasuredClient[];
  user: { username: string; password: string };
}

export interface TreasuredClient {
  id: string;
  /** Empty for a public client. */
  secret: string;
  realm: string;
  redirectUri: string;
}

export const SCRIPT = '<script>alert(1)</script>';

const HOSTILE = [
  '',
  ' ',
  SCRIPT,
  `"'>${SCRIPT}`,
  '\r\nSet-Cookie: evil=1',
  '\u0000',
  '\ud800',
  '😀 ü',
  '%',
  '%zz',
  '../../etc/passwd',
  '__proto__',
  'constructor',
  '[object Object]',
  "' OR 1=1 --",
  '{{7*7}}',
  'a'.repeat(5_000),
  '-1',
  '9'.repeat(400),
  'null',
  '{}',
  'eyJhbGciOiJub25lIn0.e30.',
  'a.b.c',
];

const REDIRECT_URIS = [
  'http://localhost:3000/callback',
  'http://127.0.0.1:8000',
  'https://app.sipgate.com/x',
  'https://else.example/y',
  'https://evil.example/',
  'http://localhost:3000@evil.example/',
  'http://localhost:80\\@evil.example/',
  'http://localhost.evil.example:80/',
  'http://localhost:3000.evil.example/',
  'http://user:pass@localhost:3000/',
  '//evil.example',
  'javascript:alert(1)',
  'data:text/html,x',
  'http://localhost:3000/..//evil.example',
  'http://localhost:3000/%2e%2e//evil.example',
  'http://localhost:3000/\r\nLocation: https://evil.example',
  'http://localhost:3000/%0d%0aLocation:%20https://evil.example',
  'HTTP://LOCALHOST:3000/',
  'https://app.sipgate.com.evil.example/',
  'https://app.sipgate.com/*',
  'http://localhost:*',
  'http://localhost:99999/',
  'http://localhost:/',
  'http://localhost:3000?x=1',
  'http://localhost:3000#x',
  'http://localhost:3000/?state=mine',
  'http://localhost:3000/ü?q=ü#ü',
  'http://localhost:3000/%',
  'http://localhost:3000/"><script>alert(1)</script>',
  'http://[::1]:3000/',
  'https://evil.example/https://app.sipgate.com/',
];

const SCOPES = ['openid', 'account:read', 'openid account:read', 'offline_access', 'all', 'zzz', 'openid  all', ' '];

/** Parameters of each endpoint, with what is likely to be good for them. */
function valuesOf(treasure: Treasure): Record<EndpointName, Record<string, string[]>> {
  const client = {
    client_id: treasure.clients.map(({ id }) => id),
    client_secret: treasure.clients.map(({ secret }) => secret),
  };
  const anyToken = [...treasure.accessTokens, ...treasure.refreshTokens, ...treasure.idTokens, ...treasure.codes];
  return {
    auth: {
      client_id: client.client_id,
      redirect_uri: REDIRECT_URIS,
      response_type: ['code', 'code', 'code', 'none', 'token', 'id_token', 'code token', 'x'],
      response_mode: ['query', 'fragment', 'form_post', 'query.jwt', 'x'],
      scope: SCOPES,
      state: ['st', SCRIPT],
      nonce: ['n'],
      prompt: ['none', 'login', 'consent', 'none login', 'create', 'select_account'],
      max_age: ['0', '3600', '-1', 'x'],
      code_challenge: ['a'.repeat(43), 'a'.repeat(42)],
      code_challenge_method: ['S256', 'plain', 's256'],
      login_hint: [treasure.user.username, SCRIPT],
      request: ['x'],
      client_secret: client.client_secret,
      authorization_details: ['[]'],
      ui_locales: ['de'],
    },
    token: {
      grant_type: ['authorization_code', 'refresh_token', 'password', 'client_credentials', 'implicit'],
      ...client,
      code: treasure.codes,
      redirect_uri: REDIRECT_URIS.slice(0, 4),
      code_verifier: ['a'.repeat(43)],
      refresh_token: [...treasure.refreshTokens, ...treasure.accessTokens],
      scope: SCOPES,
      username: [treasure.user.username],
      password: [treasure.user.password],
    },
    revoke: { ...client, token: anyToken, token_type_hint: ['access_token', 'refresh_token', 'x'] },
    'token/introspect': { ...client, token: anyToken, token_type_hint: ['access_token', 'refresh_token', 'x'] },
    userinfo: { access_token: treasure.accessTokens },
    logout: {
      ...client,
      id_token_hint: [...treasure.idTokens, ...treasure.accessTokens],
      post_logout_redirect_uri: REDIRECT_URIS,
      state: ['st', SCRIPT],
      refresh_token: treasure.refreshTokens,
    },
  };
}

/** What a request of this kind cannot do without, in each of its ways: left out now and then, not as often as the rest. */
const NEEDED: Record<EndpointName, string[][]> = {
  auth: [['client_id', 'redirect_uri', 'response_type']],
  token: [['grant_type', 'client_id', 'client_secret', 'username', 'password', 'code', 'refresh_token']],
  revoke: [['client_id', 'client_secret', 'token']],
  'token/introspect': [['client_id', 'client_secret', 'token']],
  userinfo: [[]],
  logout: [
    ['post_logout_redirect_uri', 'id_token_hint'],
    ['client_id', 'client_secret', 'refresh_token'],
  ],
};

export function createRequestGenerator(seed: number, treasure: Treasure): () => RandomRequest {
  const random = createRandom(seed);
  return () => {
    const endpoint = random.pick(ENDPOINTS);
    const method = ['auth', 'userinfo', 'logout'].includes(endpoint) && random.chance(2) ? 'GET' : 'POST';
    const client = random.pick(treasure.clients);
    // Nearly good requests get far, wild ones are strange: both are wanted.
    const wild = random.chance(2);
    const parameters = randomParameters(endpoint, { treasure, client, wild }, random);
    const encoded = encode(parameters, random);
    const realm = random.chance(wild ? 5 : 20) ? random.pick(['sipgate-apps', 'nope', SCRIPT]) : client.realm;
    const path = `/auth/realms/${encodeURIComponent(realm)}/protocol/openid-connect/${endpoint}`;
    const sent = new Map(parameters.toReversed());
    const headers = randomHeaders(endpoint, treasure, random);
    if (method === 'GET') return { endpoint, method, path: `${path}?${encoded}`, headers, sent };
    const json = random.chance(30);
    headers['content-type'] = json ? 'application/json' : 'application/x-www-form-urlencoded';
    const body = json ? JSON.stringify(Object.fromEntries(parameters)) : encoded;
    return { endpoint, method, path, headers, body, sent: json ? new Map() : sent };
  };
}

interface Mood {
  treasure: Treasure;
  client: TreasuredClient;
  wild: boolean;
}

function randomParameters(endpoint: EndpointName, { treasure, client, wild }: Mood, random: Random) {
  const parameters: [string, string][] = [];
  const own: Record<string, string> = {
    client_id: client.id,
    client_secret: client.secret,
    redirect_uri: client.redirectUri,
    post_logout_redirect_uri: client.redirectUri,
  };
  const needed = random.pick(NEEDED[endpoint]);
  for (const [name, good] of Object.entries(valuesOf(treasure)[endpoint])) {
    const left = needed.includes(name) ? random.chance(wild ? 10 : 40) : !random.chance(wild ? 4 : 8);
    if (left) continue;
    const value = own[name] !== undefined && !random.chance(wild ? 3 : 20) ? own[name] : random.pick(good);
    parameters.push([name, random.chance(wild ? 8 : 50) ? random.pick(HOSTILE) : value]);
  }
  if (random.chance(15))
    parameters.push([parameters[random.below(parameters.length)]?.[0] ?? 'x', random.pick(HOSTILE)]);
  if (random.chance(15)) parameters.push([random.pick(HOSTILE), random.pick(HOSTILE)]);
  return parameters;
}

function encode(parameters: [string, string][], random: Random): string {
  const encoded = new URLSearchParams(parameters).toString();
  return random.chance(40) ? `${encoded}&x=%zz` : encoded;
}

function randomHeaders(endpoint: EndpointName, treasure: Treasure, random: Random): Record<string, string> {
  const headers: Record<string, string> = {
    accept: random.pick(['*/*', 'text/html', 'application/json', 'text/html, application/json']),
  };
  if (random.chance(6)) headers.origin = random.pick(['https://evil.example', 'http://localhost:3000', 'null']);
  if (['auth', 'logout'].includes(endpoint) && random.chance(2)) headers.cookie = random.pick(treasure.cookies);
  if (endpoint === 'userinfo' ? !random.chance(4) : random.chance(12)) {
    const { id, secret } = random.pick(treasure.clients);
    const pair = `${encodeURIComponent(id)}:${encodeURIComponent(secret)}`;
    const basic = `Basic ${Buffer.from(pair).toString('base64')}`;
    const bearers = [...treasure.accessTokens, ...treasure.idTokens, 'x'].map((token) => `Bearer ${token}`);
    headers.authorization = random.pick([basic, 'Basic %%%', 'Bearer', 'Digest x', ...bearers, ...bearers]);
  }
  return headers;
}
