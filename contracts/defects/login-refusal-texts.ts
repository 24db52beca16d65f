/** Descriptions that tell less than they should: one text for every cause. */
import type { Defect, WireAnswer } from '../broken-server.ts';
import { changeJson } from '../broken-server.ts';
import { isIntrospect, isRefresh, isRevoke, isUserinfo } from './login-session-wire.ts';
import { changeError, isLoginToken, type Which } from './token-wire.ts';

const sameWords = (which: Which, code: string): Defect['answer'] =>
  changeError(which, code, (body) => {
    body.error_description = 'Bad request';
  });

export const loginRefusalTextDefects: Defect[] = [
  {
    title: 'what is missing is not said',
    catches: ['sipgate.RFT-20a', 'sipgate.INT-20', 'sipgate.REV-20'],
    answer: sameWords(
      (request) => isLoginToken(request) || isIntrospect(request) || isRevoke(request),
      'invalid_request',
    ),
  },
  {
    title: 'why a refresh token is bad is not said',
    catches: ['sipgate.RFT-20a', 'sipgate.RFT-20b', 'sipgate.RFT-20c', 'sipgate.RFT-20d'],
    answer: sameWords(isRefresh, 'invalid_grant'),
  },
  {
    title: 'revocation says of a bad token what the API says',
    catches: ['sipgate.REV-20'],
    answer: (answer: WireAnswer, request) => {
      if (!isRevoke(request) || answer.body === '') return;
      changeJson(answer, (body) => ({ ...body, error_description: 'Token verification failed' }));
    },
  },
  {
    title: 'introspection says of a client what the token endpoint says',
    catches: ['sipgate.INT-20'],
    answer: changeError(isIntrospect, 'invalid_client', (body) => {
      body.error_description = 'Invalid client or Invalid client credentials';
    }),
  },
  {
    title: 'introspection says of an unknown client what it says of a wrong secret',
    catches: ['sipgate.INT-20'],
    answer: changeError(isIntrospect, 'invalid_client', (body) => {
      body.error_description = 'Client authentication failed.';
    }),
  },
  {
    title: 'the pairs of a challenge stand behind spaces alone',
    catches: ['sipgate.USR-20'],
    answer: ({ headers }, request) => {
      const given = headers['www-authenticate'];
      if (isUserinfo(request) && given) headers['www-authenticate'] = given.replaceAll(', ', ' ');
    },
  },
  {
    title: 'userinfo says no more than the code',
    catches: ['sipgate.USR-20'],
    answer: ({ headers }, request) => {
      const given = headers['www-authenticate'];
      if (isUserinfo(request) && given) headers['www-authenticate'] = given.replace(/, error_description="[^"]*"/, '');
    },
  },
];
