/** What a server can get wrong about codes that are used again, or were tried wrongly. */
import { type Defect, jsonAnswer } from '../broken-server.ts';
import { isAuth, queryOf } from './login-authorization-wire.ts';
import { accept, codeOf, invalidGrant, isAccount, isExchange } from './login-code-wire.ts';
import { unauthorized } from './token-places.ts';
import { bearerOf, changeError, formOf, isLoginToken, misreadForm } from './token-wire.ts';

export const loginCodeMisuseDefects: Defect[] = [
  {
    title: 'a used code leaves its tokens alone',
    catches: ['sipgate.ACG-03b', 'sipgate.ACG-03c'],
    ...forgetUsed(),
  },
  {
    title: 'the refresh token outlives a code that is used again',
    catches: ['sipgate.ACG-03b'],
    answer: (answer, request) => {
      if (isLoginToken(request) && formOf(request).get('grant_type') === 'refresh_token') accept(answer);
    },
  },
  {
    title: 'whoever shows a used code takes its tokens away',
    catches: ['sipgate.ACG-03d', 'sipgate.ACG-03e'],
    ...killTokens(),
  },
  {
    title: 'a used code logs the user out',
    catches: ['sipgate.ACG-03e'],
    instead: (request) =>
      isAuth(request) && queryOf(request).get('prompt') === 'none'
        ? jsonAnswer(400, { error: 'login_required' })
        : undefined,
  },
  {
    title: 'a code is good for two exchanges',
    catches: ['sipgate.ACG-03a', 'sipgate.ACG-07'],
    ...acceptTwice(),
  },
  {
    title: 'every code that is not good is refused in the same words',
    catches: ['sipgate.ACG-20'],
    answer: changeError(isExchange, 'invalid_grant', (body) => {
      body.error_description = 'Code not valid';
    }),
  },
  {
    title: 'a failed exchange leaves the code good',
    catches: ['sipgate.ACG-08a', 'sipgate.ACG-08b'],
    ...spareOnce(),
  },
  {
    title: 'every failed exchange spends the code',
    catches: ['sipgate.ACG-09a', 'sipgate.ACG-09b'],
    ...spendAlways(),
  },
];

/** Of a second use the fake never hears. */
function forgetUsed(): Pick<Defect, 'request'> {
  const used = new Set<string>();
  return {
    request: misreadForm(isExchange, (form) => {
      const code = form.get('code') ?? '';
      if (used.has(code)) form.set('code', 'forgotten');
      used.add(code);
    }),
  };
}

/** A code that is shown a second time ends every token, whoever shows it. */
function killTokens(): Pick<Defect, 'answer'> {
  const used = new Set<string>();
  let killed = false;
  return {
    answer: (answer, request) => {
      if (isExchange(request)) {
        killed ||= used.has(codeOf(request));
        used.add(codeOf(request));
      }
      if (isAccount(request) && killed && bearerOf(request) !== '')
        Object.assign(answer, unauthorized('invalid_token'));
    },
  };
}

/** The first refusal of each code is a success. */
function acceptTwice(): Pick<Defect, 'answer'> {
  const accepted = new Set<string>();
  return {
    answer: (answer, request) => {
      if (!isExchange(request) || answer.status !== 400 || accepted.has(codeOf(request))) return;
      accepted.add(codeOf(request));
      accept(answer);
    },
  };
}

/** Refuses the first exchange of each code and grants the second. */
function spareOnce(): Pick<Defect, 'instead'> {
  const failed = new Set<string>();
  return {
    instead: (request) => {
      if (!isExchange(request)) return undefined;
      if (failed.has(codeOf(request))) return jsonAnswer(200, { access_token: 'a.b.c', token_type: 'Bearer' });
      failed.add(codeOf(request));
      return invalidGrant();
    },
  };
}

/** Whatever its client or its other parameters are, the first exchange is the last. */
function spendAlways(): Pick<Defect, 'answer'> {
  const tried = new Set<string>();
  return {
    answer: (answer, request) => {
      if (!isLoginToken(request) || codeOf(request) === '') return;
      if (tried.has(codeOf(request))) Object.assign(answer, invalidGrant());
      tried.add(codeOf(request));
    },
  };
}
