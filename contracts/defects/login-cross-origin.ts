/** What a server can get wrong about pages of other origins at sipgate's login server. */
import type { Defect, WireRequest } from '../broken-server.ts';
import { both, changeError, changeStatus, isLoginToken, refuse } from './token-wire.ts';

/** Whether a request names an origin that is not its own. */
const isCrossOrigin = ({ headers }: WireRequest) => headers.origin !== undefined;
const isForeign = (request: WireRequest) => String(request.headers.origin).includes('foreign');
const isOwn = ({ headers }: WireRequest) => String(headers.origin) === `http://${headers.host}`;
const ALLOWED = 'access-control-allow-origin';
const isPublicDocument = ({ path }: WireRequest) => /\/certs$|\/openid-configuration$/.test(path);

export const loginCrossOriginDefects: Defect[] = [
  {
    title: 'every origin gets a token',
    catches: ['sipgate.LGN-10', 'sipgate.LGN-10b', 'sipgate.LGN-17'],
    request: (request) => {
      if (isLoginToken(request)) delete request.headers.origin;
    },
  },
  {
    title: 'a foreign origin may read why it gets no token',
    catches: ['sipgate.LGN-10', 'sipgate.LGN-10b'],
    answer: changeStatus(isLoginToken, 403, ({ headers }) => {
      headers[ALLOWED] = '*';
    }),
  },
  {
    title: 'a registered origin may not read its token',
    catches: ['sipgate.LGN-11', 'sipgate.LGN-17'],
    answer: changeStatus(isLoginToken, 200, ({ headers }) => {
      delete headers[ALLOWED];
    }),
  },
  {
    title: 'a registered origin may not send credentials',
    catches: ['sipgate.LGN-11'],
    answer: changeStatus(isLoginToken, 200, ({ headers }) => {
      delete headers['access-control-allow-credentials'];
    }),
  },
  {
    title: 'the own origin of the login server is a foreign one',
    catches: ['sipgate.LGN-13'],
    instead: refuse(both(isLoginToken, isOwn), 403, 'Invalid origin'),
  },
  {
    title: 'a refusal exposes no header',
    catches: ['sipgate.LGN-12'],
    answer: changeStatus(isLoginToken, 401, ({ headers }) => {
      delete headers['access-control-expose-headers'];
    }),
  },
  {
    title: 'the refusal of an origin has a description',
    catches: ['sipgate.LGN-10'],
    answer: changeError(isLoginToken, 'Invalid origin', (body) => {
      body.error_description = '';
    }),
  },
  {
    title: 'a preflight is good for a day',
    catches: ['sipgate.LGN-15'],
    answer: ({ headers }, { method }) => {
      if (method === 'OPTIONS') headers['access-control-max-age'] = '86400';
    },
  },
  {
    title: 'credentials may not be sent for the public documents',
    catches: ['sipgate.LGN-16a', 'sipgate.LGN-16b'],
    answer: ({ headers }, request) => {
      if (isPublicDocument(request)) delete headers['access-control-allow-credentials'];
    },
  },
  {
    title: 'the origin is looked at before the client',
    catches: ['sipgate.LGN-12'],
    instead: refuse(both(isLoginToken, isForeign), 403, 'Invalid origin'),
  },
  {
    title: 'a foreign origin may not read that its client is unknown',
    catches: ['sipgate.LGN-12'],
    answer: changeStatus(isLoginToken, 401, ({ headers }) => {
      delete headers[ALLOWED];
    }),
  },
  {
    title: 'every origin may read every refusal',
    catches: ['sipgate.LGN-14'],
    answer: ({ headers }, request) => {
      if (isLoginToken(request) && isCrossOrigin(request)) headers[ALLOWED] = '*';
    },
  },
  {
    title: 'there is no preflight at the token endpoint',
    catches: ['sipgate.LGN-15'],
    instead: refuse(
      both(isLoginToken, ({ method }) => method === 'OPTIONS'),
      405,
      'HTTP 405 Method Not Allowed',
    ),
  },
  {
    title: 'a preflight does not allow POST',
    catches: ['sipgate.LGN-15'],
    answer: (answer, { method }) => {
      if (method === 'OPTIONS') answer.headers['access-control-allow-methods'] = 'GET';
    },
  },
  {
    title: 'the public documents are for their own origin alone',
    catches: ['sipgate.LGN-16a', 'sipgate.LGN-16b'],
    answer: ({ headers }, request) => {
      if (isPublicDocument(request)) delete headers[ALLOWED];
    },
  },
];
