/** What a server can get wrong about discovery, its keys and what they sign. */
import { createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { Defect, WireRequest } from '../broken-server.ts';
import {
  both,
  changeStatus,
  changeSuccess,
  isLoginToken,
  misreadForm,
  refuse,
  sends,
  type Which,
} from './token-wire.ts';

type Body = Record<string, unknown>;
type Key = Record<string, string>;

export const isDiscovery: Which = ({ path }) => path.endsWith('/openid-configuration');
const isCerts: Which = ({ path }) => path.endsWith('/certs');
export const changeDiscovery = (change: (body: Body) => Body) => changeSuccess(isDiscovery, change);
const changeKeys = (change: (key: Key) => Key[]) =>
  changeSuccess(isCerts, (body) => ({ ...body, keys: (body.keys as Key[]).flatMap(change) }));

export const loginMetadataDefects: Defect[] = [
  {
    title: 'the discovery document is text/plain',
    catches: ['sipgate.MET-01'],
    answer: changeStatus(isDiscovery, 200, ({ headers }) => {
      headers['content-type'] = 'text/plain';
    }),
  },
  {
    title: 'the discovery document may be kept for an hour',
    catches: ['sipgate.MET-16'],
    answer: changeStatus(isDiscovery, 200, ({ headers }) => {
      headers['cache-control'] = 'max-age=3600';
    }),
  },
  {
    title: 'nothing is said of how long the key set may be kept',
    catches: ['sipgate.MET-16'],
    answer: changeStatus(isCerts, 200, ({ headers }) => {
      delete headers['cache-control'];
    }),
  },
  {
    title: 'the issuer ends in a slash',
    catches: ['sipgate.MET-02a', 'sipgate.MET-02b'],
    answer: changeDiscovery((body) => ({ ...body, issuer: `${body.issuer}/` })),
  },
  {
    title: 'all realms are one issuer',
    catches: ['sipgate.MET-02b'],
    answer: changeDiscovery((body) => ({
      ...body,
      issuer: String(body.issuer).replace('sipgate-apps', 'third-party'),
    })),
  },
  {
    title: 'an empty list is advertised',
    catches: ['sipgate.MET-03'],
    answer: changeDiscovery((body) => ({ ...body, claims_supported: [] })),
  },
  {
    title: 'a grant is advertised that the token endpoint does not know',
    catches: ['sipgate.MET-04a'],
    answer: changeDiscovery((body) => ({
      ...body,
      grant_types_supported: ['client_credentials', 'urn:example:unknown'],
    })),
  },
  {
    title: 'client credentials are advertised and get no token',
    catches: ['sipgate.MET-04a'],
    instead: refuse(both(isLoginToken, sends('grant_type', 'client_credentials')), 400, 'invalid_scope'),
  },
  {
    title: 'a grant works that is not advertised',
    catches: ['sipgate.MET-04b'],
    request: misreadForm(isLoginToken, (form) => {
      if (form.get('grant_type')?.endsWith(':token-exchange')) form.set('grant_type', 'client_credentials');
    }),
  },
  {
    title: 'refresh is not advertised, and works',
    catches: ['sipgate.MET-04b'],
    answer: changeDiscovery((body) => ({ ...body, grant_types_supported: ['client_credentials'] })),
  },
  {
    title: 'Basic is not advertised',
    catches: ['sipgate.MET-04c'],
    answer: changeDiscovery((body) => ({ ...body, token_endpoint_auth_methods_supported: ['client_secret_post'] })),
  },
  {
    title: 'Basic is advertised and does not work',
    catches: ['sipgate.MET-04c'],
    request: (request: WireRequest) => {
      if (isLoginToken(request)) delete request.headers.authorization;
    },
  },
  {
    title: 'jwks_uri leads nowhere',
    catches: ['sipgate.MET-06'],
    answer: changeDiscovery((body) => ({ ...body, jwks_uri: `${body.jwks_uri}/none` })),
  },
  {
    title: 'jwks_uri is of another origin',
    catches: ['sipgate.MET-06'],
    answer: changeDiscovery((body) => ({ ...body, jwks_uri: 'https://keys.example/certs' })),
  },
  {
    title: 'token_endpoint is another one',
    catches: ['sipgate.MET-08'],
    answer: changeDiscovery((body) => ({ ...body, token_endpoint: `${body.issuer}/token` })),
  },
];

let made: KeyObject | undefined;
/** Made when a server is asked that has it: that takes longer than many a run of the suite. */
const ownKey = (): KeyObject => {
  made ??= generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  return made;
};

/** A server with a key of its own, which signs other claims. */
function resigning(change: (claims: Body) => Body): Pick<Defect, 'answer'> {
  const resigned = (token: string) => {
    const [header = '', payload = ''] = token.split('.');
    const claims = change(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Body);
    const input = `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
    return `${input}.${sign('sha256', Buffer.from(input), ownKey()).toString('base64url')}`;
  };
  const changeTokens = changeSuccess(isLoginToken, (body) => {
    for (const name of ['access_token', 'id_token']) {
      if (typeof body[name] === 'string') body[name] = resigned(body[name]);
    }
  });
  const publish = changeKeys((key) => [{ ...key, ...(createPublicKey(ownKey()).export({ format: 'jwk' }) as Key) }]);
  return {
    answer: (answer, request) => {
      changeTokens(answer, request);
      publish(answer, request);
    },
  };
}

export const loginCertsDefects: Defect[] = [
  {
    title: 'the only key says nothing of its algorithm',
    catches: ['sipgate.KEY-01'],
    answer: changeKeys(({ alg: _, ...key }) => [key]),
  },
  {
    title: 'two keys have one id',
    catches: ['sipgate.KEY-01'],
    answer: changeKeys((key) => [key, key]),
  },
  {
    title: 'a private member is published',
    catches: ['sipgate.KEY-02'],
    answer: changeKeys((key) => [{ ...key, d: 'AQAB' }]),
  },
  {
    title: 'the signing key has 1024 bits',
    catches: ['sipgate.KEY-03'],
    answer: changeKeys((key) => [{ ...key, n: Buffer.alloc(128, 0xff).toString('base64url') }]),
  },
  {
    title: 'another key is published than the one that signs',
    catches: ['sipgate.KEY-04', 'sipgate.KEY-06'],
    answer: changeKeys((key) => [{ ...key, n: Buffer.alloc(256, 0xff).toString('base64url') }]),
  },
  {
    title: 'the published key has another id than tokens name',
    catches: ['sipgate.KEY-04'],
    answer: changeKeys((key) => [{ ...key, kid: 'another' }]),
  },
  {
    title: 'an access token does not name its client',
    catches: ['sipgate.KEY-05'],
    ...resigning(({ azp: _, ...claims }) => claims),
  },
  {
    title: 'an access token lives longer than expires_in says',
    catches: ['sipgate.KEY-05'],
    ...resigning((claims) => ({ ...claims, exp: Number(claims.exp) + 60 })),
  },
  {
    title: "an access token's id does not say by which grant it came",
    catches: ['sipgate.KEY-07'],
    ...resigning((claims) => ({ ...claims, jti: String(claims.jti).replace(/^.*:/, '') })),
  },
  {
    title: 'the subject of a service account is its client',
    catches: ['sipgate.KEY-07'],
    ...resigning((claims) => ({ ...claims, sub: claims.azp })),
  },
  {
    title: 'tokens for a password say when the user logged in',
    catches: ['sipgate.KEY-07'],
    ...resigning((claims) => ({ ...claims, auth_time: claims.iat })),
  },
  {
    title: 'an ID token is for somebody else too',
    catches: ['sipgate.KEY-06'],
    ...resigning((claims) => ({ ...claims, aud: [claims.aud, 'account'] })),
  },
];
