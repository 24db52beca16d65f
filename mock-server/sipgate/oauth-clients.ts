/** /v2/authorization/oauth2/clients: the account's OAuth clients, in effect at the login server the moment they are stored. */
import { badRequest, forbidden, notFound } from '../errors.ts';
import type { ApiRequest, Operation } from '../provider.ts';
import { endSessionsOf } from './login/sessions.ts';
import { whyRedirectUriRefused } from './redirect-uris.ts';
import type { ClientRecord } from './seed.ts';
import { ownAccount, type SipgateState } from './state.ts';

/** Body of POST and PUT, after validation against openapi.yaml. */
interface ClientInput {
  name: string;
  description: string;
  redirectUris: string[];
  webOrigins: string[];
  privacyUrl?: string;
  termsUrl?: string;
}

export function createClientOperations(state: SipgateState): Record<string, Operation> {
  return {
    'sipgate.getClients': async () => {
      const { id } = await ownAccount(state);
      const own = (await state.clients.all()).filter(({ account }) => account === id);
      return { status: 200, body: { data: own.map(publicClient) } };
    },
    'sipgate.createClient': async (request) => {
      const client = await newClient(inputOf(request, state), state);
      if (!(await state.clients.insert(client.clientId, client))) throw new Error('a fresh client id is taken');
      const shown = publicClient(client);
      return { status: 200, body: state.settings.createReturnsSecret ? shown : { ...shown, clientSecret: '' } };
    },
    'sipgate.getClient': async (request) => ({ status: 200, body: publicClient(await ownClient(request, state)) }),
    'sipgate.updateClient': async (request) => {
      const client = await ownClient(request, state);
      const changed = { ...client, ...inputOf(request, state) };
      if (!(await state.clients.replace(client.clientId, changed))) throw unknownClient(client.clientId);
      return { status: 200, body: publicClient(changed) };
    },
    'sipgate.deleteClient': async (request) => {
      const { clientId } = await ownClient(request, state);
      if (!(await state.clients.remove(clientId))) throw unknownClient(clientId);
      await endSessionsOf(state, clientId);
      return { status: 202 };
    },
    // No credential, so no account: any client's consent page may be asked for.
    'sipgate.getGdprUrls': async ({ params }) => {
      const client = await state.clients.get(params.clientId ?? '');
      if (!client) throw unknownClient(params.clientId ?? '');
      return { status: 200, body: { privacyUrl: client.privacyUrl, termsUrl: client.termsUrl } };
    },
  };
}

const unknownClient = (clientId: string) => notFound(`no client "${clientId}"`);

async function ownClient({ params }: ApiRequest, state: SipgateState): Promise<ClientRecord> {
  const clientId = params.clientId ?? '';
  const client = await state.clients.get(clientId);
  if (!client) throw unknownClient(clientId);
  if (client.account !== (await ownAccount(state)).id) {
    const reason = `the client "${clientId}" is not this account's`;
    throw state.settings.foreignClient === 403 ? forbidden(reason, []) : notFound(reason);
  }
  return client;
}

/** Only the members that the body may set: an id, a secret or a right in it is ignored, never honoured. */
function inputOf({ json }: ApiRequest, { settings }: SipgateState): Required<ClientInput> {
  const { name, description, redirectUris, webOrigins, privacyUrl = '', termsUrl = '' } = json as ClientInput;
  for (const [index, uri] of settings.redirectUriRules ? redirectUris.entries() : []) {
    const refusal = whyRedirectUriRefused(uri);
    if (refusal !== undefined) throw badRequest(`body.redirectUris[${index}] ${refusal}`);
  }
  return { name, description, redirectUris, webOrigins, privacyUrl, termsUrl };
}

async function newClient(input: Required<ClientInput>, state: SipgateState): Promise<ClientRecord> {
  const { ids, settings } = state;
  const { id: account } = await ownAccount(state);
  const realm = settings.createdClientsRealm;
  return {
    clientId: `${account}-0-${ids.uuid()}:${realm}`,
    clientSecret: ids.uuid(),
    realm,
    account,
    enabled: true,
    ...input,
    serviceAccount: settings.createdClientsHaveServiceAccount,
    directAccessGrants: false,
    consentRequired: true,
    defaultScopes: [],
    optionalScopes: ['*'],
  };
}

/** A public client has no secret; the document wants the member, so it is empty. */
const publicClient = (client: ClientRecord) => ({
  clientId: client.clientId,
  clientSecret: client.clientSecret ?? '',
  name: client.name,
  description: client.description,
  redirectUris: client.redirectUris,
  webOrigins: client.webOrigins,
  privacyUrl: client.privacyUrl,
  termsUrl: client.termsUrl,
});
