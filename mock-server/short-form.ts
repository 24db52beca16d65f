/**
 * The short form at the root: `/oauth/token`, `/account` and `/authorization/oauth2/clients` as one coherent API for a
 * base URL that is just the origin. The fake's own convenience. It is composed here, so that the two APIs need not
 * know each other: SIPSIM's token endpoint serves sipgate's clients too, and each operation is the provider's own.
 */
import type { Operation, Provider, Surface } from './provider.ts';

export const SHORT_FORM = 'shortForm';

/** @param surface sipgate's wire form at the root. */
export function createShortForm(sipgate: Provider, sipsim: Provider, surface: Surface): Provider {
  return {
    name: SHORT_FORM,
    schemes: { ...sipgate.schemes, ...sipsim.schemes },
    operations: {
      'shortForm.getAccount': (request) => {
        const name = `${request.principal?.provider}.getAccount`;
        return operation(request.principal?.provider === sipsim.name ? sipsim : sipgate, name)(request);
      },
      ...Object.fromEntries(
        ['getClients', 'createClient', 'getClient', 'updateClient', 'deleteClient', 'getGdprUrls'].map((name) => [
          `${SHORT_FORM}.${name}`,
          operation(sipgate, `${sipgate.name}.${name}`),
        ]),
      ),
    },
    surfaces: [surface],
    seed: async () => {},
  };
}

function operation(provider: Provider, name: string): Operation {
  const found = provider.operations[name];
  if (!found) throw new Error(`${provider.name} has no operation ${name}`);
  return found;
}
