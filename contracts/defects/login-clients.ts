/** What a server can get wrong about who a client of sipgate's login server is, and what it may do. */
import type { Defect, WireRequest } from '../broken-server.ts';
import { pairOf } from './sipgate-wire.ts';
import {
  both,
  changeError,
  changeStatus,
  changeSuccess,
  formOf,
  isLoginToken,
  lacks,
  misreadForm,
  setPair,
} from './token-wire.ts';

const isAlias = ({ path }: WireRequest) => path.startsWith('/login/');
const hasBasic = (request: WireRequest) => pairOf(request) !== '';

export const loginClientDefects: Defect[] = [
  {
    title: 'the alias does not look at the secret',
    catches: ['sipgate.CAU-03b'],
    answer: (answer, request) => {
      if (isAlias(request) && answer.status === 401) answer.status = 200;
    },
  },
  {
    title: 'a wrong secret is invalid_client, as the RFC would have it',
    catches: ['sipgate.CAU-02a', 'sipgate.CAU-03', 'sipgate.CAU-05b'],
    answer: changeError(isLoginToken, 'unauthorized_client', (body) => {
      body.error = 'invalid_client';
    }),
  },
  {
    title: 'a 401 of the token endpoint has a challenge',
    catches: ['sipgate.CAU-02b'],
    answer: changeStatus(isLoginToken, 401, ({ headers }) => {
      headers['www-authenticate'] = 'Basic realm="third-party"';
    }),
  },
  {
    title: 'a confidential client needs no secret',
    catches: ['sipgate.CAU-05b'],
    answer: changeStatus(both(isLoginToken, lacks('client_secret')), 401, (answer) => {
      answer.status = 200;
    }),
  },
  {
    title: 'Basic beats the form',
    catches: ['sipgate.CAU-06a', 'sipgate.CAU-06b', 'sipgate.CAU-07'],
    request: misreadForm(both(isLoginToken, hasBasic), (form) => {
      form.delete('client_id');
      form.delete('client_secret');
    }),
  },
  {
    title: 'Basic is not form-urldecoded',
    catches: ['sipgate.CAU-10'],
    request: (request) => {
      if (!isLoginToken(request) || !hasBasic(request)) return;
      const [id = '', ...secret] = pairOf(request).split(':');
      setPair(request, `${encodeURIComponent(id)}:${encodeURIComponent(secret.join(':'))}`);
    },
  },
  {
    title: 'Basic is split at its last colon',
    catches: ['sipgate.CAU-14'],
    request: (request) => {
      if (!isLoginToken(request) || !hasBasic(request)) return;
      const parts = pairOf(request).split(':');
      const secret = parts.pop() ?? '';
      setPair(request, `${parts.join('%3A')}:${secret}`);
    },
  },
  {
    title: 'a client is known in every realm',
    catches: ['sipgate.CAU-16'],
    request: (request) => {
      if (formOf(request).get('client_id')?.endsWith(':third-party')) {
        request.path = request.path.replace('sipgate-apps', 'third-party');
      }
    },
  },
  {
    title: 'a public client gets a token in its own name',
    catches: ['sipgate.CCR-03'],
    answer: changeError(isAlias, 'unauthorized_client', (_, answer) => {
      answer.status = 200;
    }),
  },
  {
    title: 'client credentials start a session',
    catches: ['sipgate.CCR-05a'],
    answer: changeSuccess(isLoginToken, (body) => ({ ...body, session_state: 's' })),
  },
  {
    title: 'refresh_expires_in is there although there is no refresh token',
    catches: ['sipgate.CCR-05a'],
    answer: changeSuccess(isLoginToken, (body) => ({ ...body, refresh_expires_in: 1800 })),
  },
  {
    title: 'the ID token comes last',
    catches: ['sipgate.CCR-05b'],
    answer: changeSuccess(isLoginToken, ({ id_token, ...body }) => (id_token ? { ...body, id_token } : body)),
  },
  {
    title: 'openid is not named in the scope member',
    catches: ['sipgate.CCR-05b'],
    answer: changeSuccess(isLoginToken, (body) => ({ ...body, scope: String(body.scope).replace('openid ', '') })),
  },
  {
    title: 'a client without a service account is 400',
    catches: ['sipgate.CCR-06'],
    answer: changeError(isLoginToken, 'unauthorized_client', (body, answer) => {
      if (String(body.error_description).includes('service account')) answer.status = 400;
    }),
  },
];
