/** What a server can get wrong about the life of a token. */
import type { Defect, WireAnswer, WireRequest } from '../broken-server.ts';
import { atEachPlace, unauthorized } from './token-places.ts';
import { bearerOf, changeStatus, grant, type Which } from './token-wire.ts';

export const tokenLifeDefects = atEachPlace(({ isToken, isResource }) => [
  {
    title: 'a token never dies',
    catches: ['TOK-13', 'TOK-14'],
    answer: changeStatus(isResource, 401, (answer, request) => {
      Object.assign(answer, grant(() => bearerOf(request) !== '')(request));
    }),
  },
  {
    title: 'a token dies before its time',
    catches: ['TOK-13'],
    answer: killEarly(isToken, isResource),
  },
  {
    title: 'a dead token is told by another error code',
    catches: ['TOK-13', 'TOK-14'],
    answer: changeStatus(isResource, 401, ({ headers }) => {
      headers['www-authenticate'] = 'Bearer realm="broken", error="invalid_request"';
    }),
  },
  {
    title: 'all tokens die with one that is revoked',
    catches: ['TOK-14'],
    answer: killAllWithOne(isResource),
  },
]);

/** By the time that the answers tell. */
function killEarly(isToken: Which, isResource: Which): Defect['answer'] {
  let issued = 0;
  return (answer, request) => {
    const now = Date.parse(answer.headers.date ?? '');
    if (isToken(request)) issued = now;
    if (isResource(request) && now - issued > 60_000) Object.assign(answer, unauthorized('invalid_token'));
  };
}

function killAllWithOne(isResource: Which): Defect['answer'] {
  let killed = false;
  return (answer: WireAnswer, request: WireRequest) => {
    if (!isResource(request)) return;
    killed ||= answer.status === 401;
    if (killed) Object.assign(answer, unauthorized('invalid_token'));
  };
}
