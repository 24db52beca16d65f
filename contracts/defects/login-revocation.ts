/** What a server can get wrong about revocation: what it ends, what it leaves, and whom it refuses. */
import type { Defect, WireRequest } from '../broken-server.ts';
import {
  deduplicate,
  endsEverything,
  isRevoke,
  readJson,
  refusal,
  rememberDealt,
  rememberSpent,
} from './login-session-wire.ts';
import { both, changeError, changeStatus, formOf, refuse } from './token-wire.ts';

const ALLOWED = 'access-control-allow-origin';
const isPreflight = ({ method }: WireRequest) => method === 'OPTIONS';
const tokenIn = (request: WireRequest) => formOf(request).get('token') ?? '';
const isUnhelpful = (request: WireRequest) => formOf(request).get('token_type_hint') === 'sidetone_unknown';
/** Tokens that are none, though they were dealt. */
const STRANGE = ['sipgate.REV-04c', 'sipgate.REV-04d', 'sipgate.REV-09'];
const SILENT = { status: 200, headers: {}, body: '' };

export const loginRevocationDefects: Defect[] = [
  {
    title: 'a revocation is 204',
    catches: ['sipgate.REV-01a', 'sipgate.REV-01e', 'sipgate.REV-01f', 'sipgate.REV-12b', 'sipgate.MET-11a'],
    answer: changeStatus(isRevoke, 200, (answer) => {
      answer.status = 204;
      answer.body = '';
    }),
  },
  {
    title: 'a revocation says that it was one',
    catches: ['sipgate.REV-01a', 'sipgate.REV-01e'],
    answer: changeStatus(isRevoke, 200, (answer) => {
      if (answer.body === '') answer.body = '{"revoked":true}';
    }),
  },
  {
    title: 'a revocation ends nothing',
    catches: [
      'sipgate.REV-01b',
      'sipgate.REV-01c',
      'sipgate.REV-01f',
      'sipgate.REV-06a',
      'sipgate.REV-06b',
      'sipgate.REV-06c',
      'sipgate.REV-08a',
      'sipgate.REV-08b',
      'sipgate.REV-08c',
      'sipgate.REV-08d',
      'sipgate.REV-08h',
      'sipgate.REV-08i',
      'sipgate.OFF-06',
      'sipgate.INT-02c',
    ],
    instead: (request) => (isRevoke(request) ? { ...SILENT, headers: {} } : undefined),
  },
  {
    title: "a revocation ends the client's other tokens, and every session",
    catches: ['sipgate.REV-01d', 'sipgate.REV-08e', 'sipgate.REV-08g', 'sipgate.REV-08j'],
    answer: endsEverything((_, request) => isRevoke(request)),
  },
  {
    title: 'an access token that was revoked before is none',
    catches: ['sipgate.REV-01e'],
    ...forgetRevoked(),
  },
  {
    title: 'Basic is not read at revocation',
    catches: ['sipgate.REV-01f', 'sipgate.MET-11a'],
    request: (request) => {
      if (isRevoke(request)) delete request.headers.authorization;
    },
  },
  {
    title: 'the hint is believed',
    catches: ['sipgate.REV-06a', 'sipgate.REV-06b'],
    ...believeHints(),
  },
  {
    title: 'a hint that nobody knows is refused',
    catches: ['sipgate.REV-06c'],
    instead: refuse(both(isRevoke, isUnhelpful), 400, 'unsupported_token_type'),
  },
  {
    title: 'a spent refresh token cannot be revoked',
    catches: ['sipgate.REV-08d'],
    ...forgetSpent(),
  },
  {
    title: 'nothing is said of a token that is none',
    catches: ['sipgate.REV-08f', 'sipgate.REV-08h', 'sipgate.REV-02a', 'sipgate.REV-02b', ...STRANGE],
    answer: changeStatus(isRevoke, 200, (answer) => {
      answer.body = '{}';
    }),
  },
  {
    title: 'what is no token is 400',
    catches: ['sipgate.REV-02a', 'sipgate.REV-02b', 'sipgate.REV-08h', 'sipgate.REV-12b', ...STRANGE],
    answer: changeStatus(isRevoke, 200, (answer) => {
      if (answer.body.includes('invalid_token')) answer.status = 400;
    }),
  },
  {
    title: 'revocation needs no client',
    catches: ['sipgate.REV-03a', 'sipgate.REV-03b', 'sipgate.REV-03c', 'sipgate.REV-03d', 'sipgate.REV-11'],
    answer: changeStatus(isRevoke, 401, (answer) => {
      answer.status = 200;
    }),
  },
  {
    title: 'a wrong secret is invalid_client at revocation',
    catches: ['sipgate.REV-03b', 'sipgate.REV-03d'],
    answer: changeError(isRevoke, 'unauthorized_client', (body) => {
      body.error = 'invalid_client';
    }),
  },
  {
    title: 'a missing token is told before the client',
    catches: ['sipgate.REV-03d'],
    instead: refuse(
      both(isRevoke, (request) => !formOf(request).has('token')),
      400,
      'invalid_request',
    ),
  },
  {
    title: 'revocation refuses nothing',
    catches: ['sipgate.REV-04a', 'sipgate.REV-04b', 'sipgate.REV-05', 'sipgate.REV-07', 'sipgate.REV-10'],
    answer: changeStatus(isRevoke, 400, (answer) => {
      answer.status = 200;
    }),
  },
  {
    title: 'what is refused is revoked all the same',
    catches: ['sipgate.REV-12a', 'sipgate.REV-04a', 'sipgate.REV-04b', 'sipgate.REV-07'],
    answer: endsEverything((answer, request) => isRevoke(request) && answer.status >= 400),
  },
  {
    title: 'a token of another realm is told from garbage',
    catches: ['sipgate.REV-04c'],
    instead: refuse(
      both(isRevoke, (request) => request.path.includes('/third-party/') && isRefreshToken(tokenIn(request))),
      400,
      'invalid_request',
    ),
  },
  {
    title: 'of two tokens the first one is revoked',
    catches: ['sipgate.REV-10'],
    request: (request) => {
      if (isRevoke(request)) deduplicate(request);
    },
  },
  {
    title: 'revocation reads JSON',
    catches: ['sipgate.REV-11'],
    request: (request) => {
      if (isRevoke(request)) readJson(request);
    },
  },
  {
    title: 'pages of any origin may revoke',
    catches: ['sipgate.REV-12a'],
    request: (request) => {
      if (isRevoke(request)) delete request.headers.origin;
    },
  },
  {
    title: 'no page may read an answer of revocation',
    catches: ['sipgate.REV-12b', 'sipgate.REV-14'],
    answer: ({ headers }, request) => {
      if (isRevoke(request)) delete headers[ALLOWED];
    },
  },
  {
    title: 'there is no preflight at revocation',
    catches: ['sipgate.REV-14'],
    instead: refuse(both(isRevoke, isPreflight), 405, 'HTTP 405 Method Not Allowed'),
  },
  {
    title: 'an ID token may be revoked',
    catches: ['sipgate.REV-07'],
    answer: changeError(isRevoke, 'unsupported_token_type', (body) => {
      body.error = 'invalid_token';
    }),
  },
];

const isRefreshToken = (token: string) =>
  Buffer.from(token.split('.')[1] ?? '', 'base64url')
    .toString('utf8')
    .includes('"typ":"Refresh"');

const invalidToken = () => refusal(200, 'invalid_token');

function forgetRevoked(): Pick<Defect, 'instead'> {
  const revoked = new Set<string>();
  return {
    instead: (request) => {
      if (!isRevoke(request)) return undefined;
      if (revoked.has(tokenIn(request))) return invalidToken();
      revoked.add(tokenIn(request));
      return undefined;
    },
  };
}

function forgetSpent(): Pick<Defect, 'instead' | 'answer'> {
  const { isSpent, answer } = rememberSpent();
  return {
    instead: (request) => (isRevoke(request) && isSpent(tokenIn(request)) ? invalidToken() : undefined),
    answer,
  };
}

/** A token that is not of the kind that the hint says is not looked for any further. */
function believeHints(): Pick<Defect, 'instead' | 'answer'> {
  const dealt = rememberDealt();
  return {
    instead: (request) => {
      const hint = formOf(request).get('token_type_hint');
      if (!isRevoke(request) || hint === null) return undefined;
      return dealt.find(tokenIn(request))?.[hint] === tokenIn(request) ? undefined : invalidToken();
    },
    answer: dealt.answer,
  };
}
