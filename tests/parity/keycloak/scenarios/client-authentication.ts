/** Which client asks, and whether it is really it (RFC 6749 §2.3): every way to say it wrong. */
import { CLIENTS } from '../cast.ts';
import { basic, byPassword, clientForm, credentials, token } from './questions.ts';
import { table } from './stories.ts';

const { shop, other, disabled, special, app } = CLIENTS;
const grant = { grant_type: 'client_credentials' };
const base64 = (text: string) => Buffer.from(text).toString('base64');
const own = (client = shop, more: Record<string, string> = {}) => token({ ...grant, ...credentials(client), ...more });
const withHeader = (authorization: string | string[], form: Record<string, string> = grant) =>
  token(form, { headers: { authorization } });
const wrong = { ...shop, clientSecret: 'wrong' };
const right = { ...grant, ...credentials(shop) };

const inForm = table('client: in the form', {
  missing: token(grant),
  'missing, a secret': token({ ...grant, client_secret: 'x' }),
  'empty id': token({ ...grant, client_id: '' }),
  unknown: token({ ...grant, client_id: 'nobody', client_secret: 'x' }),
  'unknown, no secret': token({ ...grant, client_id: 'nobody' }),
  'in other letters': own(shop, { client_id: shop.clientId.toUpperCase() }),
  'a space after it': own(shop, { client_id: `${shop.clientId} ` }),
  disabled: own(disabled),
  'disabled, wrong secret': own(disabled, { client_secret: 'wrong' }),
  'of the other realm': own(app),
  'no secret': token({ ...grant, client_id: shop.clientId }),
  'empty secret': own(shop, { client_secret: '' }),
  'wrong secret': own(wrong),
  'secret in other letters': own(shop, { client_secret: 'SECRET OF SHOP' }),
  'secret with a space after it': own(shop, { client_secret: `${shop.clientSecret} ` }),
  'a secret of odd letters': own(special),
  'a public client with a secret': byPassword(CLIENTS.public, { client_secret: 'x' }),
  'an assertion that is none': token({
    ...grant,
    client_assertion: 'x',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  }),
  'id twice': token(`${clientForm(shop)}&client_id=${encodeURIComponent(shop.clientId)}`),
  'id twice, first unknown': token(`client_id=nobody&${clientForm(shop)}`),
  'secret twice': token(`${clientForm(shop)}&client_secret=x`),
  'secret twice, first wrong': token(`client_secret=x&${clientForm(shop)}`),
  'wrong secret, a key twice': token(`${clientForm(wrong)}&foo=1&foo=2`),
  'unknown, a key twice': token('grant_type=client_credentials&client_id=nobody&foo=1&foo=2'),
  'wrong secret, wrong scope': own(wrong, { scope: 'zzz' }),
});

const plain = `${shop.clientId}:${shop.clientSecret}`;
const encoded = `${encodeURIComponent(shop.clientId)}:${encodeURIComponent(String(shop.clientSecret))}`;

const byBasic = table('client: by Basic', {
  right: withHeader(basic(shop)),
  'scheme in small letters': withHeader(basic(shop).replace('Basic', 'basic')),
  'scheme in capitals': withHeader(basic(shop).replace('Basic', 'BASIC')),
  'wrong secret': withHeader(basic(wrong)),
  unknown: withHeader(basic({ ...shop, clientId: 'nobody' })),
  disabled: withHeader(basic(disabled)),
  'the colon not encoded': withHeader(`Basic ${base64(plain)}`),
  'the colon encoded in small letters': withHeader(`Basic ${base64(encoded.replace('%3A', '%3a'))}`),
  'a plus for a space': withHeader(`Basic ${base64(encoded.replaceAll('%20', '+'))}`),
  'a secret of odd letters': withHeader(basic(special)),
  'a secret of odd letters, not encoded': withHeader(
    `Basic ${base64(`${encodeURIComponent(special.clientId)}:${special.clientSecret}`)}`,
  ),
  'no padding': withHeader(`Basic ${base64(encoded).replace(/=+$/, '')}`),
  'two spaces': withHeader(`Basic  ${base64(encoded)}`),
  'something after it': withHeader(`${basic(shop)} x`),
  'empty secret': withHeader(`Basic ${base64(`${encodeURIComponent(shop.clientId)}:`)}`),
  'empty id': withHeader(`Basic ${base64(':s')}`),
  'no colon': withHeader(`Basic ${base64('shop')}`),
  'no Base64': withHeader('Basic !!!'),
  nothing: withHeader('Basic'),
  'a broken percent': withHeader(`Basic ${base64('%zz:s')}`),
  'another scheme': withHeader('Digest x'),
  'a bearer': withHeader('Bearer x'),
});

const inBoth = table('client: by Basic and in the form', {
  'both right': withHeader(basic(shop), right),
  'the id in the form': withHeader(basic(shop), { ...grant, client_id: shop.clientId }),
  'the form wrong': withHeader(basic(shop), { ...right, client_secret: 'wrong' }),
  'a wrong secret in the form': withHeader(basic(shop), { ...grant, client_secret: 'wrong' }),
  'Basic wrong': withHeader(basic(wrong), right),
  'Basic unknown': withHeader(basic({ ...shop, clientId: 'nobody' }), right),
  'Basic no Base64': withHeader('Basic !!!', right),
  'Basic without a colon': withHeader(`Basic ${base64('shop')}`, right),
  'two clients': withHeader(basic(shop), { ...grant, ...credentials(other) }),
  'an unknown one in the form': withHeader(basic(shop), { ...grant, client_id: 'nobody' }),
  'an empty id in the form': withHeader(basic(shop), { ...grant, client_id: '' }),
  'a bearer': withHeader('Bearer x', right),
  'another scheme': withHeader('Digest x', right),
  'two headers, right and wrong': withHeader([basic(shop), basic(wrong)]),
  'two headers, wrong and right': withHeader([basic(wrong), basic(shop)]),
  'two headers, a bearer first': withHeader(['Bearer x', basic(shop)]),
});

export const clientAuthentication = [inForm, byBasic, inBoth];
