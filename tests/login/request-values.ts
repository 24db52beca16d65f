/** What requests to the login server are made of: good, nearly good and hostile values. */

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

export const HOSTILE = [
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
export function valuesOf(treasure: Treasure): Record<EndpointName, Record<string, string[]>> {
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
export const NEEDED: Record<EndpointName, string[][]> = {
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
