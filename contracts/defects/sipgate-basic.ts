/** What a server can get wrong about personal access tokens as Basic credentials. */
import type { Defect } from '../broken-server.ts';
import { authorizationOf, changeBody, letIn, pairOf } from './sipgate-wire.ts';

const encode = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`;
const setChallenges =
  (challenges: string): Defect['answer'] =>
  ({ status, headers }) => {
    if (status === 401) headers['www-authenticate'] = challenges;
  };

export const sipgateBasicDefects: Defect[] = [
  {
    title: 'an e-mail address and a password are credentials of the API',
    catches: ['sipgate.BAS-12'],
    answer: (answer, request) => {
      if (pairOf(request).includes('@')) answer.status = 200;
    },
  },
  {
    title: 'a personal access token gets another account than an access token',
    catches: ['sipgate.BAS-01'],
    answer: changeBody(
      ({ status }, request) => status === 200 && authorizationOf(request).startsWith('Basic '),
      (body) => {
        body.company = 'Somebody else';
      },
    ),
  },
  {
    title: 'a known token id is enough, whatever the token',
    catches: ['sipgate.BAS-02a'],
    request: letIn((request) => pairOf(request).startsWith('token-FQ1V12:')),
  },
  {
    title: 'the Basic challenge has no realm',
    catches: ['sipgate.BAS-02b'],
    answer: setChallenges('Basic charset="UTF-8", Bearer realm="sipgate"'),
  },
  {
    title: 'whatever is wrong is an invalid token',
    catches: ['sipgate.BAS-02c'],
    answer: setChallenges('Basic realm="sipgate", Bearer realm="sipgate", error="invalid_token"'),
  },
  {
    title: 'only Bearer is offered',
    catches: ['sipgate.BAS-02b', 'sipgate.BAS-03'],
    answer: setChallenges('Bearer realm="sipgate"'),
  },
  {
    title: 'only Basic is offered',
    catches: ['sipgate.BAS-03'],
    answer: setChallenges('Basic realm="sipgate"'),
  },
  {
    title: 'a pair without Base64 is accepted',
    catches: ['sipgate.BAS-04a'],
    request: (request) => {
      const plain = /^Basic (token-.*)$/.exec(authorizationOf(request))?.[1];
      if (plain) request.headers.authorization = [encode(plain)];
    },
  },
  {
    title: 'a token id without a colon and a token is enough',
    catches: ['sipgate.BAS-04b'],
    request: letIn((request) => pairOf(request) === 'token-FQ1V12'),
  },
  {
    title: 'empty Basic credentials pass',
    catches: ['sipgate.BAS-04c'],
    request: letIn((request) => authorizationOf(request).startsWith('Basic') && /^:?$/.test(pairOf(request))),
  },
  {
    title: 'the pair is split at every colon',
    catches: ['sipgate.BAS-05'],
    request: (request) => {
      const pair = pairOf(request);
      if (pair) request.headers.authorization = [encode(pair.split(':').slice(0, 2).join(':'))];
    },
  },
  {
    title: 'control characters in the pair are dropped',
    catches: ['sipgate.BAS-07'],
    request: (request) => {
      const pair = pairOf(request);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is dropped
      if (pair) request.headers.authorization = [encode(pair.replace(/[\x00-\x1f]/g, ''))];
    },
  },
  {
    title: 'the scheme name Basic is compared with its case',
    catches: ['sipgate.BAS-08'],
    request: ({ headers }) => {
      if (headers.authorization?.[0]?.startsWith('BASIC ')) headers.authorization = ['Nothing'];
    },
  },
  {
    title: 'the challenge tells whether a token id is known',
    catches: ['sipgate.BAS-09'],
    answer: ({ status, headers }, request) => {
      const known = pairOf(request).startsWith('token-FQ1V12:');
      if (status === 401) headers['www-authenticate'] = `Basic realm="${known ? 'wrong token' : 'unknown id'}"`;
    },
  },
  {
    title: 'an access token is taken from the Basic password',
    catches: ['sipgate.BAS-11a'],
    request: (request) => {
      const token = /^[^:]*:([\w-]+\.[\w-]+\.[\w-]+)$/.exec(pairOf(request))?.[1];
      if (token) request.headers.authorization = [`Bearer ${token}`];
    },
  },
  {
    title: 'a personal access token is taken as Bearer',
    catches: ['sipgate.BAS-11b'],
    request: letIn((request) => /^Bearer [0-9a-f]{8}-[0-9a-f-]{27}$/.test(authorizationOf(request))),
  },
];
