/** What a server can get wrong about tokens for a user. */
import type { Defect, WireRequest } from '../broken-server.ts';
import { answerInstead, jwtOf } from './sipgate-wire.ts';
import {
  both,
  changeError,
  changeStatus,
  changeSuccess,
  formOf,
  isLoginToken,
  lacks,
  misreadForm,
  refuse,
  sends,
} from './token-wire.ts';

const isPassword = both(isLoginToken, sends('grant_type', 'password'));

export const loginPasswordDefects: Defect[] = [
  {
    title: "a user's token opens nothing",
    catches: ['sipgate.PWD-01'],
    answer: answerInstead(403, (_, request) => jwtOf(request).claims.session_state !== undefined),
  },
  {
    title: 'the public client may not use the password grant',
    catches: ['sipgate.PWD-01'],
    instead: refuse(isPassword, 400, 'unauthorized_client'),
  },
  {
    title: "a user's token has no session_state",
    catches: ['sipgate.PWD-02'],
    answer: changeSuccess(isPassword, ({ session_state: _, ...body }) => body),
  },
  {
    title: 'a refresh token lives half an hour',
    catches: ['sipgate.PWD-03'],
    answer: changeSuccess(isPassword, (body) => ({ ...body, refresh_expires_in: 1800 })),
  },
  {
    title: 'an ID token comes unasked',
    catches: ['sipgate.PWD-04'],
    answer: changeSuccess(isPassword, (body) => ({ ...body, id_token: 'a.b.c' })),
  },
  {
    title: 'no ID token comes with openid',
    catches: ['sipgate.PWD-04'],
    answer: changeSuccess(isPassword, ({ id_token: _, ...body }) => body),
  },
  {
    title: 'the case of an e-mail address counts',
    catches: ['sipgate.PWD-05'],
    request: misreadForm(isPassword, (form) => {
      if (/[A-Z]/.test(form.get('username') ?? '')) form.set('username', 'nobody');
    }),
  },
  {
    title: 'a wrong password is 401',
    catches: ['sipgate.TKE-16', 'sipgate.PWD-07', 'sipgate.PWD-08'],
    answer: changeError(isPassword, 'invalid_grant', (_, answer) => {
      answer.status = 401;
    }),
  },
  {
    title: 'a missing username is 400',
    catches: ['sipgate.PWD-06'],
    answer: changeStatus(both(isPassword, lacks('username')), 401, (answer) => {
      answer.status = 400;
    }),
  },
  {
    title: 'a missing password is invalid_request',
    catches: ['sipgate.PWD-07'],
    instead: refuse(both(isPassword, lacks('password')), 400, 'invalid_request'),
  },
  {
    title: 'an unknown user is told by other words than a wrong password',
    catches: ['sipgate.PWD-08'],
    answer: changeError(isPassword, 'invalid_grant', (body, _, request) => {
      if (formOf(request).get('username')?.startsWith('nobody')) body.error_description = 'Unknown user';
    }),
  },
  {
    title: 'every client may use the password grant',
    catches: ['sipgate.PWD-09'],
    answer: changeError(isPassword, 'unauthorized_client', (body) => {
      body.error = 'invalid_grant';
    }),
  },
  {
    title: 'a public client may not send a secret',
    catches: ['sipgate.PWD-11'],
    instead: refuse(
      both(isPassword, sends('client_id', 'sipgate-app-web'), (request) => !lacks('client_secret')(request)),
      401,
      'unauthorized_client',
    ),
  },
  {
    title: 'the password is looked at before the scope',
    catches: ['sipgate.PWD-12'],
    request: misreadForm(both(isPassword, sends('password', 'sidetone-wrong-password')), (form) =>
      form.delete('scope'),
    ),
  },
  {
    title: 'the login host serves one realm alone',
    catches: ['sipgate.PWD-15'],
    instead: refuse(({ path }: WireRequest) => path.startsWith('/auth/realms/sipgate-apps/'), 404, 'not found'),
  },
  {
    title: "a user's token names the default scope alone",
    catches: ['sipgate.PWD-16'],
    answer: changeSuccess(isPassword, (body) => ({ ...body, scope: 'all' })),
  },
];
