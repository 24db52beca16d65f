/** POST /oauth/token. Order of checks, Doorkeeper's: grant_type, client, grant allowed for the client, scope. */
import { whyNoJson } from '../body.ts';
import { parseBasic, sameSecret, splitAuthorization } from '../credentials.ts';
import { emptyForm, type Form, parseForm } from '../forms.ts';
import type { Answer, ApiRequest, ClientSource, MintedToken, Operation, SourcedClient } from '../provider.ts';
import {
  invalidClient,
  invalidScope,
  malformedRequest,
  missingGrantType,
  NO_STORE,
  twoAuthentications,
  unauthorizedClient,
  unsupportedGrantType,
} from './errors.ts';
import { type SipsimSettings, since } from './settings.ts';

/** Parameters of a request, wherever this version of the engine takes them from. */
interface Parameters {
  /** Anything but credentials. */
  get(name: string): string | undefined;
  credential(name: string): string | undefined;
}

/** @param sources where a client id is looked for, in this order. */
export function createTokenEndpoint(settings: SipsimSettings, sources: ClientSource[]): Operation {
  return async (request) => {
    const parameters = readParameters(request, settings);
    const grantType = parameters.get('grant_type') ?? '';
    if (grantType.trim() === '') throw missingGrantType(whyMissing(request));
    if (grantType !== 'client_credentials') {
      throw unsupportedGrantType(`"${grantType}" is not client_credentials, the only grant here`);
    }
    const { client, source } = await authenticateClient(request, parameters, settings, sources);
    if (!client.clientCredentials) throw unauthorizedClient(since(settings, '6.0') ? 400 : 401);
    const scopes = grantedScopes(parameters.get('scope'), client, settings);
    return tokenAnswer(await source.issue(client, scopes));
  };
}

/** Rails merges query and body, the body winning; Doorkeeper 6.0 takes credentials from a form body alone. */
function readParameters({ body, query }: ApiRequest, settings: SipsimSettings): Parameters {
  const mediaType = body?.mediaType.toLowerCase();
  const form = body && mediaType === 'application/x-www-form-urlencoded' ? readForm(body.bytes) : emptyForm;
  const json = body && mediaType === 'application/json' ? readJson(body.bytes) : {};
  const get = (name: string) => form.last(name) ?? stringMember(json, name) ?? query.getAll(name).at(-1);
  return { get, credential: since(settings, '6.0') ? form.last : get };
}

function readForm(bytes: Buffer): Form {
  const form = parseForm(bytes.toString('utf8'));
  if (!form) throw malformedRequest('a percent sign in the form body is not followed by two hexadecimal digits');
  return form;
}

function readJson(bytes: Buffer): object {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8') || '{}');
    return typeof value === 'object' && value !== null ? value : {};
  } catch (cause) {
    throw malformedRequest(whyNoJson(cause));
  }
}

function stringMember(json: object, name: string): string | undefined {
  const value: unknown = Object.entries(json).find(([key]) => key === name)?.[1];
  return typeof value === 'string' ? value : undefined;
}

async function authenticateClient(
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

function whyMissing({ body }: ApiRequest): string | undefined {
  const read = ['application/x-www-form-urlencoded', 'application/json'];
  if (!body || read.includes(body.mediaType.toLowerCase())) return undefined;
  const given = body.mediaType === '' ? 'has no Content-Type' : `is of type "${body.mediaType}"`;
  return `no grant_type: the body ${given}; read are ${read.join(' and ')}`;
}

function whyNobody({ authorization }: ApiRequest): string {
  const { scheme, credentials } = splitAuthorization(authorization.join(', '));
  if (scheme === '') return 'no client_id, neither in the body nor by Basic';
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

/** Not form-urldecoded, unlike RFC 6749 §2.3.1 (measured); what is unreadable counts as absent. */
function basicCredentials({ authorization }: ApiRequest) {
  const { scheme, credentials } = splitAuthorization(authorization.join(', '));
  const basic = scheme === 'basic' ? parseBasic(credentials) : undefined;
  return typeof basic === 'object' && basic.userId !== '' ? basic : undefined;
}

/** All or nothing; exact; duplicates removed; order kept. */
function grantedScopes(requested: string | undefined, client: SourcedClient, settings: SipsimSettings): string[] {
  if (requested === undefined || requested.trim() === '') {
    const defaults = [...client.defaultScopes, ...settings.defaultScopes];
    return [...new Set(defaults)].filter((scope) => client.scopes.includes(scope));
  }
  if (/[\n\r\t]/.test(requested)) throw invalidScope('scopes are separated by spaces, not by tabs or line ends');
  const scopes = [...new Set(requested.split(/\s+/).filter((scope) => scope !== ''))];
  const refused = scopes.find((scope) => !client.scopes.includes(scope));
  if (refused !== undefined) throw invalidScope(`the client may not have the scope "${refused}"`);
  return scopes;
}

/** Member order as documented. Without a scope the member is absent. */
function tokenAnswer({ accessToken, expiresIn, scopes, createdAt }: MintedToken): Answer {
  const scope = scopes.length > 0 ? { scope: scopes.join(' ') } : {};
  return {
    status: 200,
    headers: NO_STORE,
    body: { access_token: accessToken, token_type: 'Bearer', expires_in: expiresIn, ...scope, created_at: createdAt },
  };
}
