/** What a server can get wrong about PKCE. */
import type { Defect, WireRequest } from '../broken-server.ts';
import { isAuth, misread, misreadQuery, page, queryOf } from './login-authorization-wire.ts';
import { both, changeError, isLoginToken, misreadForm, sends } from './token-wire.ts';

const isExchange = both(isLoginToken, sends('grant_type', 'authorization_code'));

/** Grants what was refused with these words. */
const forgive = (words: RegExp) =>
  changeError(isExchange, 'invalid_grant', (body, answer) => {
    if (words.test(String(body.error_description))) answer.status = 200;
  });

const dropMethod = misreadQuery(isAuth, (query) => query.delete('code_challenge_method'));

export const loginPkceDefects: Defect[] = [
  {
    title: 'S256 is taken for plain',
    catches: ['sipgate.PKC-01', 'sipgate.PKC-02b', 'sipgate.PKC-10'],
    request: dropMethod,
  },
  {
    title: 'a verifier has 64 characters at the most',
    catches: ['sipgate.PKC-01'],
    request: misreadForm(isExchange, (form) => {
      if ((form.get('code_verifier') ?? '').length > 64) form.set('code_verifier', 'broken');
    }),
  },
  {
    title: 'any verifier will do',
    catches: ['sipgate.PKC-02a', 'sipgate.PKC-02b', 'sipgate.PKC-08a', 'sipgate.PKC-08b'],
    answer: forgive(/mismatch/),
  },
  {
    title: 'a verifier may be left out',
    catches: ['sipgate.PKC-03'],
    answer: forgive(/not specified/),
  },
  {
    title: 'a verifier that nobody asked for is ignored',
    catches: ['sipgate.PKC-04'],
    answer: forgive(/challenge not present/),
  },
  {
    title: 'an empty verifier counts as none',
    catches: ['sipgate.PKC-04'],
    request: misreadForm(isExchange, (form) => {
      if (form.get('code_verifier') === '') form.delete('code_verifier');
    }),
  },
  {
    title: 'a verifier may be of any length and of any characters',
    catches: ['sipgate.PKC-05'],
    answer: forgive(/Invalid code verifier/),
  },
  {
    title: 'what is wrong about a verifier is told by one sentence',
    catches: ['sipgate.PKC-09'],
    answer: changeError(isExchange, 'invalid_grant', (body) => {
      body.error_description = String(body.error_description).replace(/:.*/, '');
    }),
  },
  {
    title: 'a public client has to use PKCE',
    catches: ['sipgate.PKC-07'],
    instead: (request: WireRequest) =>
      isAuth(request) && queryOf(request).get('client_id') === 'sipgate-app-web'
        ? page(400, 'Missing parameter')
        : undefined,
  },
  {
    title: 'plain is refused',
    catches: ['sipgate.PKC-08a'],
    request: misread('code_challenge_method', (method) => (method === 'plain' ? 'S256' : method)),
  },
  {
    title: 'a challenge without a method is S256',
    catches: ['sipgate.PKC-08b'],
    request: misreadQuery(isAuth, (query) => {
      if (query.has('code_challenge') && !query.has('code_challenge_method'))
        query.set('code_challenge_method', 'S256');
    }),
  },
];
