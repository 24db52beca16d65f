/** /__admin/credentials: who may ask, and with which secret. */
import { InputError } from '../input-error.ts';
import type { CredentialAuthority, CredentialHolder, Provider } from '../provider.ts';
import { type AdminRoute, part } from './route.ts';

export const CREDENTIAL_HOLDERS: CredentialHolder[] = ['client', 'personalAccessToken', 'user', 'accessToken'];

export const credentialRoutes: AdminRoute[] = [
  {
    ...{ method: 'get', path: '/credentials', operationId: 'getCredentials' },
    summary: 'Clients, personal access tokens, users and tokens of the seed, with their secrets',
    answers: { 200: { description: "In the seed's order, what was made last", schema: part('Credentials') } },
    handle: async ({ world }) => {
      const lists = await Promise.all(authorities(world.providers).map((authority) => authority.list()));
      return { status: 200, body: { credentials: lists.flat() } };
    },
  },
  {
    ...{ method: 'post', path: '/credentials/rotate', operationId: 'rotateSecret' },
    summary: 'Gives a client or a personal access token a new secret; the old one is dead at once',
    body: part('RotationWish'),
    answers: { 200: { description: 'With the new secret', schema: part('Credential') } },
    handle: async ({ world, body }) => {
      const { provider, kind, id } = body();
      const authority = world.providers.find(({ name }) => name === provider)?.credentials;
      if (!authority) throw new InputError('"provider" must be sipgate or sipsim');
      const known = CREDENTIAL_HOLDERS.find((name) => name === kind);
      if (!known) throw new InputError(`"kind" must be one of ${CREDENTIAL_HOLDERS.join(', ')}`);
      if (typeof id !== 'string') throw new InputError('"id" must be the id of a client or of a personal access token');
      return { status: 200, body: await authority.rotate(known, id) };
    },
  },
];

const authorities = (providers: Provider[]): CredentialAuthority[] =>
  providers.flatMap(({ credentials }) => credentials ?? []);
