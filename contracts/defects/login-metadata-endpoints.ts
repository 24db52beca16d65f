/** What a server can promise by discovery and not keep: endpoints, methods, response types and modes, keys. */
import type { Defect, WireRequest } from '../broken-server.ts';
import { changeDiscovery, isDiscovery } from './login-metadata.ts';
import { isRevoke, queryOf } from './login-session-wire.ts';
import { both, changeStatus } from './token-wire.ts';

type Body = Record<string, unknown>;

const ENDPOINTS = ['authorization', 'token', 'introspection', 'userinfo', 'end_session', 'revocation'];
const EACH_ENDPOINT = ENDPOINTS.map((_, index) => `sipgate.MET-09${'abcdef'[index]}`);

const eachEndpoint = (change: (url: string) => string) =>
  changeDiscovery((body) => {
    const members = ENDPOINTS.map((name) => `${name}_endpoint`);
    return { ...body, ...Object.fromEntries(members.map((member) => [member, change(String(body[member]))])) };
  });

/** A list of the document without one of its items. */
const without = (member: string, item: string) =>
  changeDiscovery((body) => ({ ...body, [member]: (body[member] as string[]).filter((name) => name !== item) }));
/** A list of the document with one item more. */
const withAlso = (member: string, item: string) =>
  changeDiscovery((body: Body) => ({ ...body, [member]: [...(body[member] as string[]), item] }));

const isAuthorize = ({ path }: WireRequest) => /\/openid-connect\/auth\?/.test(path);

/** Reads a parameter of the authorization request otherwise than it was sent. */
const misreadQuery = (change: (query: URLSearchParams) => void) => (request: WireRequest) => {
  if (!isAuthorize(request)) return;
  const query = queryOf(request);
  change(query);
  request.path = `${request.path.split('?')[0]}?${query}`;
};

export const loginMetadataEndpointDefects: Defect[] = [
  {
    title: 'no claim of an ID token is advertised but the subject',
    catches: ['sipgate.MET-17'],
    answer: changeDiscovery((body) => ({ ...body, claims_supported: ['sub'] })),
  },
  {
    title: 'subjects are said to be pairwise alone',
    catches: ['sipgate.MET-17'],
    answer: changeDiscovery((body) => ({ ...body, subject_types_supported: ['pairwise'] })),
  },
  {
    title: 'consent is not advertised for prompt',
    catches: ['sipgate.MET-10c'],
    answer: without('prompt_values_supported', 'consent'),
  },
  {
    title: 'an empty scope is advertised',
    catches: ['sipgate.MET-12'],
    answer: withAlso('scopes_supported', ''),
  },
  {
    title: 'endpoints are advertised that lead nowhere',
    catches: EACH_ENDPOINT,
    answer: eachEndpoint((url) => `${url}/none`),
  },
  {
    title: 'endpoints are advertised at another place than the issuer',
    catches: EACH_ENDPOINT,
    answer: eachEndpoint((url) => url.replace('/auth/realms/', '/realms/')),
  },
  {
    title: 'the response type code is not advertised',
    catches: ['sipgate.MET-10a'],
    answer: without('response_types_supported', 'code'),
  },
  {
    title: 'a response type is advertised that is not known',
    catches: ['sipgate.MET-10a'],
    answer: withAlso('response_types_supported', 'sidetone_token'),
  },
  {
    title: 'any response type means code',
    catches: ['sipgate.MET-10a'],
    request: misreadQuery((query) => query.set('response_type', 'code')),
  },
  {
    title: 'the response mode fragment is not advertised',
    catches: ['sipgate.MET-10b'],
    answer: without('response_modes_supported', 'fragment'),
  },
  {
    title: 'the response mode is not read',
    catches: ['sipgate.MET-10b'],
    request: misreadQuery((query) => query.delete('response_mode')),
  },
  {
    title: 'the prompt login is not advertised',
    catches: ['sipgate.MET-10c'],
    answer: without('prompt_values_supported', 'login'),
  },
  {
    title: 'prompt is not read',
    catches: ['sipgate.MET-10c'],
    request: misreadQuery((query) => query.delete('prompt')),
  },
  {
    title: 'S256 is not advertised',
    catches: ['sipgate.MET-05'],
    answer: without('code_challenge_methods_supported', 'S256'),
  },
  {
    title: 'a PKCE method is advertised that is not known',
    catches: ['sipgate.MET-05'],
    answer: withAlso('code_challenge_methods_supported', 'S512'),
  },
  {
    title: 'iss is advertised and does not come',
    catches: ['sipgate.MET-14'],
    answer: changeStatus(isAuthorize, 302, ({ headers }) => {
      headers.location = (headers.location ?? '').replace(/&iss=[^&#]*/, '');
    }),
  },
  {
    title: 'iss comes and is not advertised',
    catches: ['sipgate.MET-14'],
    answer: changeDiscovery(({ authorization_response_iss_parameter_supported: _, ...body }) => body),
  },
  {
    title: 'Basic is not advertised at revocation',
    catches: ['sipgate.MET-11a'],
    answer: without('revocation_endpoint_auth_methods_supported', 'client_secret_basic'),
  },
  {
    title: 'Basic is not advertised at introspection',
    catches: ['sipgate.MET-11b'],
    answer: without('introspection_endpoint_auth_methods_supported', 'client_secret_basic'),
  },
  {
    title: 'openid is not advertised',
    catches: ['sipgate.MET-12'],
    answer: without('scopes_supported', 'openid'),
  },
  {
    title: 'a scope is granted that is not advertised',
    catches: ['sipgate.MET-12'],
    answer: without('scopes_supported', 'account:read'),
  },
  {
    title: 'RS256 is not advertised',
    catches: ['sipgate.MET-13'],
    answer: changeDiscovery((body) => ({ ...body, id_token_signing_alg_values_supported: ['ES256'] })),
  },
  {
    title: 'an endpoint lacks a security header',
    catches: ['sipgate.LGN-05'],
    answer: ({ headers }, request) => {
      if (isRevoke(request)) delete headers['x-robots-tag'];
    },
  },
  {
    title: 'HEAD of the discovery document is 405',
    catches: ['sipgate.MET-15'],
    answer: changeStatus(
      both(isDiscovery, ({ method }) => method === 'HEAD'),
      200,
      (answer) => {
        answer.status = 405;
      },
    ),
  },
  {
    title: 'all realms publish the keys of one',
    catches: ['sipgate.KEY-08'],
    request: (request) => {
      if (request.path.endsWith('/certs')) request.path = request.path.replace('/sipgate-apps/', '/third-party/');
    },
  },
];
