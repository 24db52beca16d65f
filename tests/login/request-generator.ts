/** Makes requests to the login server, some nearly good and some wild. */
import { createRandom, type Random } from './random.ts';
import {
  ENDPOINTS,
  type EndpointName,
  HOSTILE,
  NEEDED,
  SCRIPT,
  type Treasure,
  type TreasuredClient,
  valuesOf,
} from './request-values.ts';

export interface RandomRequest {
  endpoint: EndpointName;
  method: 'GET' | 'POST';
  path: string;
  headers: Record<string, string>;
  body?: string;
  /** First value of each parameter that the endpoint reads. */
  sent: Map<string, string>;
}

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
