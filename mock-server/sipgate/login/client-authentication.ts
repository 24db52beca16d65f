/** Which client asks, and whether it is really it (RFC 6749 §2.3). The form beats Basic, as measured. */
import { parseBasic, sameSecret, splitAuthorization } from '../../credentials.ts';
import type { Form } from '../../forms.ts';
import type { ApiRequest } from '../../provider.ts';
import type { ClientRecord } from '../seed.ts';
import type { SipgateState } from '../state.ts';
import { missingClient, undecodableCredentials, unknownClient, wrongSecret } from './errors.ts';

export async function authenticateClient(
  request: ApiRequest,
  form: Form,
  realm: string,
  state: SipgateState,
): Promise<ClientRecord> {
  const basic = basicCredentials(request);
  const given = typeof basic === 'string' ? undefined : basic;
  const clientId = form.get('client_id') ?? given?.clientId;
  const clientSecret = form.get('client_secret') ?? given?.clientSecret ?? '';
  if (clientId === undefined) {
    throw missingClient(typeof basic === 'string' ? basic : 'no client_id, neither in the form nor by Basic', state);
  }
  const client = await state.clients.get(clientId);
  if (!client?.enabled || client.realm !== realm) throw unknownClient(whyUnknown(clientId, client, realm), state);
  if (client.clientSecret === undefined) return client;
  if (!sameSecret(clientSecret, client.clientSecret)) {
    throw wrongSecret(clientSecret === '' ? 'no client_secret' : 'wrong client_secret', state);
  }
  return client;
}

/** Undefined without Basic, the reason where Basic is not readable: then the form may still do. */
function basicCredentials({
  authorization,
}: ApiRequest): { clientId: string; clientSecret: string } | string | undefined {
  const { scheme, credentials } = splitAuthorization(authorization[0] ?? '');
  if (scheme !== 'basic') return undefined;
  // Keycloak takes Base64 without padding (measured).
  const basic = parseBasic(credentials, { padding: 'optional' });
  if (typeof basic === 'string') return basic;
  try {
    // RFC 6749 §2.3.1: both parts are form-urlencoded first, which is what lets a client id hold a colon.
    return { clientId: formDecode(basic.userId), clientSecret: formDecode(basic.password) };
  } catch {
    throw undecodableCredentials('the Basic credentials hold a percent sign without two hexadecimal digits');
  }
}

const formDecode = (text: string) => decodeURIComponent(text.replaceAll('+', ' '));

function whyUnknown(clientId: string, client: ClientRecord | undefined, realm: string): string {
  if (!client) return `no client "${clientId}"; percent-encode a colon inside Basic`;
  if (!client.enabled) return `the client "${clientId}" is disabled`;
  return `the client "${clientId}" belongs to the realm "${client.realm}", not "${realm}"`;
}
