/** How a client proves who it is at /oauth/…, by Doorkeeper's rules. */
import { type BasicCredentials, parseBasic, sameSecret, splitAuthorization } from '../credentials.ts';
import type { ApiRequest, ClientSource, SourcedClient } from '../provider.ts';
import { invalidClient, twoAuthentications } from './errors.ts';
import { type SipsimSettings, since } from './settings.ts';
import type { Parameters } from './token-parameters.ts';

/** Who asks. Throws invalid_client for nobody, an unknown id and a wrong secret, which look alike. */
export async function authenticateClient(
  request: ApiRequest,
  parameters: Parameters,
  settings: SipsimSettings,
  sources: ClientSource[],
): Promise<{ client: SourcedClient; source: ClientSource }> {
  const basic = basicCredentials(request);
  const inParameters = parameters.credential('client_id');
  if (basic && inParameters !== undefined && since(settings, '5.9.5')) throw twoAuthentications();
  const clientId = basic?.userId ?? inParameters;
  const clientSecret = basic?.password ?? parameters.credential('client_secret') ?? '';
  if (clientId === undefined || clientId === '') throw invalidClient(whyNobody(request));
  for (const source of sources) {
    const client = await source.find(clientId);
    if (!client) continue;
    if (!sameSecret(clientSecret, client.clientSecret)) throw invalidClient(whyWrong(clientSecret, client));
    return { client, source };
  }
  // An unknown id costs a comparison too.
  sameSecret(clientSecret, '');
  throw invalidClient(`no integration has the client id "${clientId}"`);
}

/** Whether the request names a client at all, rightly or not. */
export const namesClient = (request: ApiRequest, parameters: Parameters): boolean =>
  basicCredentials(request) !== undefined || Boolean(parameters.credential('client_id'));

function whyNobody({ authorization }: ApiRequest): string {
  const { scheme, credentials } = splitAuthorization(authorization.join(', '));
  if (scheme === '') return 'no client_id, neither in the body nor by Basic';
  if (scheme === 'basic' && !authorization[0]?.startsWith('Basic ')) {
    return 'Doorkeeper reads the scheme "Basic" in this spelling alone';
  }
  if (scheme !== 'basic') return `no client_id; the Authorization scheme "${scheme}" authenticates no client`;
  const basic = parseBasic(credentials);
  return typeof basic === 'string' ? basic : 'the client id in the Basic credentials is empty';
}

/** RFC 6749 §2.3.1 has clients form-urlencode what they send by Basic; this server does not decode it. */
function whyWrong(clientSecret: string, client: SourcedClient): string {
  const encoded = encodeURIComponent(client.clientSecret);
  const coded = encoded !== client.clientSecret && sameSecret(clientSecret, encoded);
  return coded
    ? 'the client_secret is percent-encoded inside Basic; Doorkeeper does not decode it'
    : 'wrong client_secret';
}

/**
 * As Doorkeeper reads them (measured): the scheme in this spelling alone, Base64 without a look at what is none, split at
 * the first colon, and not form-urldecoded, unlike RFC 6749 §2.3.1. What has no id counts as absent.
 */
function basicCredentials({ authorization }: ApiRequest): BasicCredentials | undefined {
  const coded = /^Basic (.*)$/s.exec(authorization.join(', '))?.[1];
  if (coded === undefined) return undefined;
  const text = Buffer.from(coded.replace(/[^A-Za-z0-9+/=]/g, ''), 'base64').toString('utf8');
  const [userId = '', ...rest] = text.split(':');
  return userId.trim() === '' ? undefined : { userId, password: rest.join(':') };
}
