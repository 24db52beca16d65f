/** /__admin/tokens: tokens without a grant, and their end. */
import { InputError } from '../input-error.ts';
import { carriedTokens } from '../journal/carried-tokens.ts';
import type { Journal } from '../journal/journal.ts';
import type { Provider, TokenAuthority } from '../provider.ts';
import { type AdminRoute, EMPTY, part } from './route.ts';

export const tokenRoutes: AdminRoute[] = [
  {
    ...{ method: 'post', path: '/tokens', operationId: 'mintToken', summary: 'Mints an access token' },
    body: part('TokenWish'),
    answers: { 201: { description: 'The token', schema: part('MintedToken') } },
    handle: async ({ world, body }) => ({ status: 201, body: await mint(world.providers, body()) }),
  },
  {
    ...{ method: 'delete', path: '/tokens', operationId: 'revokeToken', summary: 'Revokes an access token' },
    body: part('TokenChoice'),
    answers: { 204: EMPTY('Revoked'), 404: EMPTY('No provider has such a living token') },
    handle: async ({ world, body }) => {
      const chosen = chosenTokens(body(), world.journal);
      const all = authorities(world.providers);
      const revoked = await Promise.all(all.flatMap(([, tokens]) => chosen.map((token) => tokens.revoke(token))));
      return { status: revoked.includes(true) ? 204 : 404 };
    },
  },
];

/** One by its value, or those that an exchange carries: nobody outside knows their values. */
function chosenTokens({ token, request }: Record<string, unknown>, journal: Journal): string[] {
  if (typeof token === 'string' && request === undefined) return [token];
  if (token === undefined && Number.isInteger(request)) {
    const exchange = journal.find(Number(request));
    return exchange ? carriedTokens(exchange).map((carried) => carried.token) : [];
  }
  throw new InputError('either "token" must be an access token, or "request" the id of a request in the journal');
}

const authorities = (providers: Provider[]): [string, TokenAuthority][] =>
  providers.flatMap(({ name, tokens }) => (tokens ? [[name, tokens] as [string, TokenAuthority]] : []));

async function mint(providers: Provider[], body: Record<string, unknown>) {
  const { provider = 'sipgate', client, scopes, expiresIn } = body;
  const all = authorities(providers);
  const tokens = all.find(([name]) => name === provider)?.[1];
  if (!tokens) throw new InputError(`"provider" must be one of ${all.map(([name]) => name).join(', ')}`);
  if (client !== undefined && typeof client !== 'string') throw new InputError('"client" must be a client id');
  if (scopes !== undefined && !isStringList(scopes)) throw new InputError('"scopes" must be a list of strings');
  if (expiresIn !== undefined && !(Number.isInteger(expiresIn) && Number(expiresIn) > 0)) {
    throw new InputError('"expiresIn" must be a positive number of seconds');
  }
  return tokens.mint({
    ...(client !== undefined && { client }),
    ...(scopes !== undefined && { scopes }),
    ...(expiresIn !== undefined && { expiresIn: Number(expiresIn) }),
  });
}

const isStringList = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');
