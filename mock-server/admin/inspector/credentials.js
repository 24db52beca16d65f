/** Who may ask: their list, and the Authorization header of whoever is chosen. */
import { scopesOf } from './document.js';
import { scopesToAsk } from './try-values.js';

export async function loadCredentials({ api }) {
  return (await api.ask('GET', '/credentials')).credentials;
}

export const KINDS = {
  client: 'Client',
  personalAccessToken: 'Personal access token',
  user: 'User',
  accessToken: 'Access token of the seed',
};

/** What a person may choose from; each knows how the credential is got. */
export function choicesOf(operation, credentials, minted) {
  const pats = credentials
    .filter(({ kind }) => kind === 'personalAccessToken')
    .map((pat) => ({
      ...{ value: `pat ${pat.id}`, text: `${pat.id} (${list(pat.scopes)})`, scheme: 'sipgatePat', scopes: pat.scopes },
      get: async () => `Basic ${base64(`${pat.id}:${pat.secret}`)}`,
    }));
  const clients = credentials
    .filter(({ kind }) => kind === 'client')
    .map(({ provider, id, scopes }) => ({
      ...{ value: `mint ${provider} ${id}`, text: `new token of ${id}`, scheme: `${provider}OAuth`, scopes },
      get: async (app) =>
        `Bearer ${(await app.api.ask('POST', '/tokens', { provider, client: id, scopes: wanted(operation, scopes) })).accessToken}`,
    }));
  const tokens = minted.map((token, index) => ({
    ...{
      value: `token ${index}`,
      text: `token ${index + 1} from this page (${list(token.scopes)})`,
      scheme: `${token.provider}OAuth`,
      scopes: [],
    },
    get: async () => `Bearer ${token.accessToken}`,
  }));
  return [...tokens.reverse(), ...pats, ...clients, { value: 'none', text: 'none', get: async () => undefined }];
}

const list = (scopes) => (scopes.length > 3 ? `${scopes.length} scopes` : scopes.join(', ') || 'no scope');

/** Scopes that get in where the client may have them, and else all that it may have. */
function wanted(operation, scopes) {
  const asked = scopesToAsk(operation).filter((scope) => scope === 'openid' || scopes.includes(scope));
  return asked.length > 0 ? asked : undefined;
}

/** The first choice that opens the operation. */
export function bestOf(operation, choices) {
  const schemes = new Set(operation.security.flatMap((way) => Object.keys(way)));
  const needed = scopesOf(operation);
  if (/\/userinfo$|\/token\/info$/.test(operation.path) && schemes.size === 0)
    schemes.add(operation.path.startsWith('/auth') ? 'sipgateOAuth' : 'sipsimOAuth');
  const opens = ({ scheme, scopes }) =>
    schemes.has(scheme) && (needed.length === 0 || needed.some((scope) => scopes?.includes(scope)));
  return (
    (choices.find((choice) => choice.value.startsWith('token') && schemes.has(choice.scheme)) ?? choices.find(opens))
      ?.value ?? 'none'
  );
}

/** Asks for a token and keeps it in the page's memory. */
export async function mint(app, wish) {
  const token = await app.api.ask('POST', '/tokens', wish);
  const minted = {
    ...token,
    provider: wish.provider,
    client: wish.client,
    world: app.api.world,
    expiresAt: token.createdAt + token.expiresIn,
  };
  app.minted.push(minted);
  return minted;
}

/** Base64 of UTF-8. */
const base64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
