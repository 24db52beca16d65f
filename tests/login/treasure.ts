/** Good codes, tokens, cookies and clients of a fake, for requests that are made of them. */
import type { Mock } from '../../mock-server/index.ts';
import { codeFor, demoClient, demoUser, endpoint, post, tokensFor } from './flow.ts';
import type { Treasure } from './request-values.ts';
import { createVisitor, type Visitor } from './visitor.ts';

const SOMEBODY_ELSE = '9999999-0-5f0c9a52-1f5f-4b58-8b5e-7d3d0a0f2c41:third-party';

/** Hosts that the default data's clients may send browsers to. */
export const registeredHosts: Record<string, string[]> = {
  'sipgate-app-web': ['https://app.sipgate.com', 'http://localhost'],
  [SOMEBODY_ELSE]: ['https://else.example'],
  '*': ['http://localhost', 'http://127.0.0.1'],
};

export async function findTreasure(mock: Mock): Promise<Treasure> {
  const visitors = [createVisitor(), createVisitor()];
  const tokens = [
    await tokensFor(mock, { scope: 'openid account:read' }, visitors[0]),
    await tokensFor(mock, { scope: 'openid offline_access' }, visitors[1]),
    await directTokens(mock),
  ];
  const every = (name: string) => tokens.flatMap(({ [name]: token }) => (typeof token === 'string' ? [token] : []));
  return {
    codes: [await codeFor(mock), await codeFor(mock)],
    accessTokens: every('access_token'),
    refreshTokens: every('refresh_token'),
    idTokens: every('id_token'),
    cookies: visitors.map(cookieHeader),
    clients: clientsOf(mock),
    user: demoUser(mock),
  };
}

async function directTokens(mock: Mock): Promise<Record<string, unknown>> {
  const form = { grant_type: 'password', client_id: 'sipgate-app-web', ...demoUser(mock) };
  return (await post(endpoint(mock, 'token', 'sipgate-apps'), form)).body;
}

const cookieHeader = ({ cookies }: Visitor) => [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');

function clientsOf(mock: Mock): Treasure['clients'] {
  const { client_id: id, client_secret: secret } = demoClient(mock);
  return [
    { id, secret, realm: 'third-party', redirectUri: 'http://localhost:3000/callback' },
    { id: 'sipgate-app-web', secret: '', realm: 'sipgate-apps', redirectUri: 'https://app.sipgate.com/x' },
    {
      id: SOMEBODY_ELSE,
      secret: '2c0e4f0a-8d9a-4d0c-b0b5-7f9b6d3e5a66',
      realm: 'third-party',
      redirectUri: 'https://else.example/y',
    },
  ];
}
