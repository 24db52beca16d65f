/** What a server can get wrong about access tokens at SIPSIM's API. */
import { changeJson, type Defect, type WireRequest } from '../broken-server.ts';
import { answerInstead, authorizationOf, jwtOf, pairOf } from './sipgate-wire.ts';
import { bearerOf, both, changeStatus, grant, isSipsimAccount, type Which } from './token-wire.ts';

const isApi: Which = ({ path }) => path.startsWith('/api/v2/');
const queryOf = ({ path }: WireRequest) => new URLSearchParams(path.split('?')[1]);
const anonymous: Which = (request) => authorizationOf(request) === '';
const lets = (which: Which) => grant(both(isSipsimAccount, which));
const CHALLENGE = 'Bearer realm="Doorkeeper", error="invalid_token"';
const setAuthorization = (request: WireRequest, authorization: string) => {
  if (isApi(request) && authorization !== '') request.headers.authorization = [authorization];
};
/** Ignores a parameter of the query. */
const dropQuery = (name: string) => (request: WireRequest) => {
  if (isApi(request)) request.path = request.path.replace(new RegExp(`([?&])${name}=[^&]*`), '$1');
};

export const sipsimBearerDefects: Defect[] = [
  {
    title: 'SIPSIM: without credentials there is no error code, as the RFC would have it',
    catches: ['sipsim.BRR-01'],
    answer: changeStatus(both(isApi, anonymous), 401, ({ headers }) => {
      headers['www-authenticate'] = 'Bearer realm="Doorkeeper"';
    }),
  },
  {
    title: 'SIPSIM: a random token is 401 without an error code',
    catches: ['sipsim.BRR-03'],
    answer: changeStatus(isApi, 401, ({ headers }) => {
      headers['www-authenticate'] = 'Bearer realm="Doorkeeper"';
    }),
  },
  {
    title: 'SIPSIM: a malformed Bearer header is 400, as the RFC would have it',
    catches: ['sipsim.BRR-07'],
    answer: answerInstead(
      400,
      ({ status }, request) => status === 401 && /^Bearer$|^Bearer \S+ /.test(authorizationOf(request)),
    ),
  },
  {
    title: 'SIPSIM: what stands behind a token is ignored',
    catches: ['sipsim.BRR-07'],
    request: (request) => setAuthorization(request, authorizationOf(request).replace(/^(Bearer \S+) .*$/, '$1')),
  },
  {
    title: 'SIPSIM: the query beats the header',
    catches: ['sipsim.BRR-08a', 'sipsim.BRR-08b'],
    request: (request) => {
      if (isApi(request) && queryOf(request).has('access_token')) delete request.headers.authorization;
    },
  },
  {
    title: 'SIPSIM: access_token in the query is ignored',
    catches: ['sipsim.BRR-09a'],
    request: dropQuery('access_token'),
  },
  {
    title: 'SIPSIM: bearer_token in the query is ignored',
    catches: ['sipsim.BRR-09b'],
    request: dropQuery('bearer_token'),
  },
  {
    title: 'SIPSIM: any token in the query opens the account',
    catches: ['sipsim.BRR-09a', 'sipsim.BRR-09b'],
    instead: lets(({ path }) => path.includes('?')),
  },
  {
    title: 'SIPSIM: the scheme name Bearer is compared with its case',
    catches: ['sipsim.BRR-10'],
    request: (request) => {
      if (isApi(request) && !authorizationOf(request).startsWith('Bearer ')) delete request.headers.authorization;
    },
  },
  {
    title: 'SIPSIM: a refusal may be stored',
    catches: ['sipsim.BRR-16'],
    answer: ({ headers }, request) => {
      if (isApi(request)) delete headers['cache-control'];
    },
  },
  {
    title: 'SIPSIM: any scheme is taken for Bearer',
    catches: ['sipsim.BRR-12'],
    request: (request) => setAuthorization(request, authorizationOf(request).replace(/^\w+ /, 'Bearer ')),
  },
  {
    title: "SIPSIM: an integration's credentials open the account by Basic",
    catches: ['sipsim.BRR-13'],
    instead: lets((request) => pairOf(request).startsWith('sipsim-')),
  },
  {
    title: "SIPSIM: an integration's secret opens the account by Bearer",
    catches: ['sipsim.BRR-13'],
    instead: lets((request) => /^[0-9a-f]{20,}$/.test(bearerOf(request))),
  },
  {
    title: 'SIPSIM: signatures are not verified',
    catches: ['sipsim.BRR-14a', 'sipsim.BRR-14b', 'sipsim.BRR-14c'],
    instead: lets((request) => {
      const { iss, scope } = jwtOf(request).claims;
      return iss === 'sipsim' && scope === 'account.read';
    }),
  },
  {
    title: 'SIPSIM: alg none is accepted',
    catches: ['sipsim.BRR-14b'],
    instead: lets((request) => jwtOf(request).header.alg === 'none'),
  },
  {
    title: "SIPSIM: sipgate's personal access tokens open the account",
    catches: ['sipsim.BRR-14e'],
    instead: lets((request) => pairOf(request).startsWith('token-')),
  },
  {
    title: 'SIPSIM: a 401 offers Basic too',
    catches: ['sipsim.BRR-15'],
    answer: changeStatus(isApi, 401, ({ headers }) => {
      headers['www-authenticate'] = `Basic realm="SIPSIM", ${CHALLENGE}`;
    }),
  },
  {
    title: 'SIPSIM: the challenge repeats an attribute',
    catches: ['sipsim.BRR-15'],
    answer: changeStatus(isApi, 401, ({ headers }) => {
      headers['www-authenticate'] = `${CHALLENGE}, error="invalid_token"`;
    }),
  },
  {
    title: 'SIPSIM: the challenge names no realm',
    catches: ['sipsim.BRR-15'],
    answer: changeStatus(isApi, 401, ({ headers }) => {
      headers['www-authenticate'] = 'Bearer error="invalid_token"';
    }),
  },
  {
    title: 'SIPSIM: of two Authorization headers the first one counts',
    catches: ['sipsim.BRR-17'],
    request: (request) => setAuthorization(request, authorizationOf(request)),
  },
  {
    title: 'SIPSIM: HEAD without credentials has no challenge',
    catches: ['sipsim.BRR-20'],
    answer: changeStatus(
      ({ method }) => method === 'HEAD',
      401,
      ({ headers }) => {
        delete headers['www-authenticate'];
      },
    ),
  },
  {
    title: 'SIPSIM: the challenge describes every token in the same words',
    catches: ['sipsim.BRR-23'],
    answer: changeStatus(isApi, 401, ({ headers }) => {
      headers['www-authenticate'] = `${CHALLENGE}, error_description="The access token is invalid"`;
    }),
  },
  {
    title: 'SIPSIM: a 401 repeats the token of the header',
    catches: ['sipsim.BRR-22'],
    answer: changeStatus(isApi, 401, ({ headers }, request) => {
      headers['x-debug'] = bearerOf(request);
    }),
  },
  {
    title: 'SIPSIM: a 401 repeats the query',
    catches: ['sipsim.BRR-22'],
    answer: changeStatus(isApi, 401, (answer, { path }) => {
      changeJson(answer, (body) => ({ ...body, path }));
    }),
  },
];
