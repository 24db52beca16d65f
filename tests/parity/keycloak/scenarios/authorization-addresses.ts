/** Whom the authorization endpoint may send back, and to where: what fails here is told on a page, never by a redirect. */
import { CLIENTS, ELSEWHERE } from '../cast.ts';
import { authorization, authorizations, authorizationWith, OIDC } from './questions.ts';
import { table } from './stories.ts';

const { shop, disabled, single } = CLIENTS;
const nobody = { ...shop, clientId: 'nobody' };

const client = table('authorization: client', {
  unknown: authorization(nobody),
  disabled: authorization(disabled),
  missing: authorization(shop, { client_id: undefined }),
  empty: authorization(shop, { client_id: '' }),
  twice: authorizationWith('client_id', shop.clientId),
  'unknown realm': { path: `${OIDC.replace('third-party', 'nowhere')}/auth` },
  'of the other realm': authorization(CLIENTS.app),
  'unknown, JSON accepted': { ...authorization(nobody), headers: { accept: 'application/json' } },
});

const redirectUri = table('authorization: redirect_uri', {
  ...authorizations([
    { redirect_uri: 'http://evil.example/' },
    { redirect_uri: undefined },
    { redirect_uri: '' },
    { redirect_uri: 'http://localhost:3000/cb/' },
    { redirect_uri: 'http://localhost:3000/CB' },
    { redirect_uri: 'http://LOCALHOST:3000/cb' },
    { redirect_uri: 'http://localhost:3000/cb?x=1' },
    { redirect_uri: 'http://localhost:3000/cb#f' },
    { redirect_uri: 'http://localhost:4000/a/../b' },
    { redirect_uri: 'http://localhost:4000/%2e%2e/b' },
    { redirect_uri: 'http://u:p@localhost:4000/x' },
    { redirect_uri: 'http://localhost:4000/x\\y' },
    { redirect_uri: 'http://localhost:4000/x y' },
    { redirect_uri: '//localhost:4000/x' },
    { redirect_uri: '/x' },
    { redirect_uri: 'javascript:alert(1)' },
    { redirect_uri: 'http://localhost:4000/x?state=own' },
  ]),
  // Where it is taken, a wrong response_type shows where the answer goes.
  ...authorizations([
    { redirect_uri: ELSEWHERE, response_type: 'x' },
    { redirect_uri: `${ELSEWHERE}?y=1`, response_type: 'x' },
    { redirect_uri: 'http://localhost:4000', response_type: 'x' },
    { redirect_uri: `${ELSEWHERE}#fragment`, response_type: 'x' },
    { redirect_uri: 'http://localhost:4000/ü', response_type: 'x' },
    { redirect_uri: 'http://localhost:4000/*', response_type: 'x' },
  ]),
  'missing, one registered': authorization(single, { redirect_uri: undefined, response_type: 'x' }),
  'empty, one registered': authorization(single, { redirect_uri: '', response_type: 'x' }),
});

export const authorizationAddresses = [client, redirectUri];
