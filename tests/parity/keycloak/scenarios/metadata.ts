/** Discovery, keys, and each endpoint asked by every method. */
import { WEB_ORIGIN } from '../cast.ts';
import { OIDC } from './questions.ts';
import { table } from './stories.ts';

const REALM = '/auth/realms/third-party';
const ENDPOINTS: Record<string, string> = {
  auth: `${OIDC}/auth`,
  token: `${OIDC}/token`,
  userinfo: `${OIDC}/userinfo`,
  logout: `${OIDC}/logout`,
  revoke: `${OIDC}/revoke`,
  introspect: `${OIDC}/token/introspect`,
  certs: `${OIDC}/certs`,
  'openid-configuration': `${REALM}/.well-known/openid-configuration`,
};
const PREFLIGHT = { origin: WEB_ORIGIN, 'access-control-request-method': 'POST' };

const methods = Object.entries(ENDPOINTS).map(([name, path]) =>
  table(`methods: ${name}`, {
    ...Object.fromEntries(
      ['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'].map((method) => [method, { method, path }]),
    ),
    POST: { path, form: '' },
    preflight: { method: 'OPTIONS', path, headers: PREFLIGHT },
    'preflight from anywhere': { method: 'OPTIONS', path, headers: { ...PREFLIGHT, origin: 'http://evil.example' } },
    'unknown realm': { path: path.replace('third-party', 'nowhere') },
    'unknown realm, POST': { path: path.replace('third-party', 'nowhere'), form: '' },
  }),
);

const documents = table('metadata', {
  'openid-configuration, with an Origin': {
    path: ENDPOINTS['openid-configuration'] ?? '',
    headers: { origin: 'http://evil.example' },
  },
  'certs, with an Origin': { path: ENDPOINTS.certs ?? '', headers: { origin: 'http://evil.example' } },
  'the realm': { path: REALM },
  'no protocol': { path: `${REALM}/protocol/foo` },
  'an unknown endpoint, HTML accepted': { path: `${OIDC}/foo`, headers: { accept: 'text/html' } },
  'a wrong method, HTML accepted': { path: `${OIDC}/token`, headers: { accept: 'text/html' } },
  'an unknown endpoint': { path: `${OIDC}/foo` },
  'an unknown endpoint, POST': { path: `${OIDC}/foo`, form: '' },
  'below the token endpoint': { path: `${OIDC}/token/foo`, form: '' },
});

export const metadata = [...methods, documents];
