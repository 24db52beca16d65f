/** What a server can get wrong about account, balance, users and userinfo. */
import type { Defect } from '../broken-server.ts';
import { answerInstead, authorizationOf, changeBody, FULL_ACCESS, letIn } from './sipgate-wire.ts';

const at = (path: string) => (_: unknown, request: { path: string }) => request.path === path;

export const sipgateAccountDefects: Defect[] = [
  {
    title: 'the account has no logoUrl',
    catches: ['sipgate.ACC-01'],
    answer: changeBody(at('/v2/account'), (body) => {
      delete body.logoUrl;
    }),
  },
  {
    title: 'verified is a string',
    catches: ['sipgate.ACC-01'],
    answer: changeBody(at('/v2/account'), (body) => {
      body.verified = 'true';
    }),
  },
  {
    title: 'the balance is in whole currency units',
    catches: ['sipgate.ACC-02'],
    answer: changeBody(at('/v2/balance'), (body) => {
      body.amount = 12.3456;
    }),
  },
  {
    title: 'the currency is a sign',
    catches: ['sipgate.ACC-02'],
    answer: changeBody(at('/v2/balance'), (body) => {
      body.currency = '€';
    }),
  },
  {
    title: 'two users have one id',
    catches: ['sipgate.ACC-03'],
    answer: changeBody(at('/v2/users'), (body) => {
      const users = body.items as object[];
      body.items = [...users, ...users];
    }),
  },
  {
    title: 'there are no users',
    catches: ['sipgate.ACC-03'],
    answer: changeBody(at('/v2/users'), (body) => {
      body.items = [];
    }),
  },
  {
    title: 'userinfo wants a scope',
    catches: ['sipgate.ACC-04a', 'sipgate.ACC-04b'],
    answer: answerInstead(
      403,
      (_, request) => request.path === '/v2/authorization/userinfo' && authorizationOf(request) !== FULL_ACCESS,
    ),
  },
  {
    title: 'userinfo wants no credentials',
    catches: ['sipgate.ACC-05'],
    request: letIn((request) => authorizationOf(request) === '' && request.path === '/v2/authorization/userinfo'),
  },
  {
    title: 'userinfo names nobody of the account',
    catches: ['sipgate.ACC-06'],
    answer: changeBody(at('/v2/authorization/userinfo'), (body) => {
      body.sub = 'w99';
    }),
  },
];
