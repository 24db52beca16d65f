/** What a server can get wrong about revocation, introspection and token info. */
import { type Defect, jsonAnswer, type WireAnswer } from '../broken-server.ts';
import { changeError, changeSuccess, formOf, type Which } from './token-wire.ts';

const asks =
  (path: string): Which =>
  (request) =>
    request.path.startsWith(`/oauth/${path}`);
const [revoke, introspect, info] = [asks('revoke'), asks('introspect'), asks('token/info')];

const instead =
  (which: Which, answer: () => WireAnswer): Defect['instead'] =>
  (request) =>
    which(request) ? answer() : undefined;

const anotherStatus =
  (which: Which, from: number, to: number): Defect['answer'] =>
  (answer, request) => {
    if (which(request) && answer.status === from) answer.status = to;
  };

export const sipsimTokenQuestionDefects: Defect[] = [
  {
    title: 'SIPSIM: a revocation that cannot be read is taken for one without a client',
    catches: ['sipsim.REV-05'],
    answer: anotherStatus(revoke, 400, 403),
  },
  {
    title: 'SIPSIM: revocation only says so',
    catches: ['sipsim.REV-01', 'sipsim.INT-02'],
    instead: instead(revoke, () => jsonAnswer(200, {})),
  },
  {
    title: 'SIPSIM: revocation has no body',
    catches: ['sipsim.REV-01', 'sipsim.REV-02'],
    answer: (answer, request) => {
      if (revoke(request)) answer.body = '';
    },
  },
  {
    title: 'SIPSIM: an unknown token cannot be revoked',
    catches: ['sipsim.REV-02'],
    answer: (answer, request) => {
      if (revoke(request) && formOf(request).get('token')?.startsWith('c2lk')) answer.status = 400;
    },
  },
  {
    title: 'SIPSIM: who may not revoke is 401, as the RFC would have it',
    catches: ['sipsim.REV-03', 'sipsim.REV-04'],
    answer: anotherStatus(revoke, 403, 401),
  },
  {
    title: 'SIPSIM: whoever has a token can revoke it',
    catches: ['sipsim.REV-03', 'sipsim.REV-04'],
    answer: anotherStatus(revoke, 403, 200),
  },
  {
    title: 'SIPSIM: who may not revoke is challenged',
    catches: ['sipsim.REV-03'],
    answer: ({ status, headers }, request) => {
      if (revoke(request) && status === 403) headers['www-authenticate'] = 'Bearer realm="Doorkeeper"';
    },
  },
  {
    title: "SIPSIM: another client's token is not active for a token either, instead of refused",
    catches: ['sipsim.INT-06', 'sipsim.INT-07'],
    answer: (answer, request) => {
      if (!introspect(request) || answer.status !== 401) return;
      answer.status = 200;
      answer.body = '{"active":false}';
    },
  },
  {
    title: 'SIPSIM: introspection leaves out iat',
    catches: ['sipsim.INT-01'],
    answer: changeSuccess(introspect, ({ iat: _, ...body }) => body),
  },
  {
    title: 'SIPSIM: exp is the remaining life',
    catches: ['sipsim.INT-01'],
    answer: changeSuccess(introspect, (body) => ('exp' in body ? { ...body, exp: 7200 } : body)),
  },
  {
    title: 'SIPSIM: introspection tells why a token is dead',
    catches: ['sipsim.INT-02'],
    answer: changeSuccess(introspect, (body) => (body.active === false ? { ...body, reason: 'revoked' } : body)),
  },
  {
    title: 'SIPSIM: every token is active',
    catches: ['sipsim.INT-02'],
    answer: changeSuccess(introspect, (body) => ({ ...body, active: true })),
  },
  {
    title: 'SIPSIM: anybody may introspect',
    catches: ['sipsim.INT-03', 'sipsim.INT-06'],
    instead: instead(introspect, () => jsonAnswer(200, { active: true })),
  },
  {
    title: 'SIPSIM: nobody is 401 at introspection, as the RFC would have it',
    catches: ['sipsim.INT-03'],
    answer: anotherStatus(introspect, 400, 401),
  },
  {
    title: 'SIPSIM: access tokens may not introspect',
    catches: ['sipsim.INT-06'],
    answer: (answer, request) => {
      if (introspect(request) && request.headers.authorization) answer.status = 401;
    },
  },
  {
    title: 'SIPSIM: token info has its scopes as a text',
    catches: ['sipsim.INF-01'],
    answer: changeSuccess(info, (body) => ({ ...body, scope: String(body.scope) })),
  },
  {
    title: 'SIPSIM: token info has the time of death for the life that is left',
    catches: ['sipsim.INF-01'],
    answer: changeSuccess(info, (body) => ({ ...body, expires_in: Number(body.created_at) + 7200 })),
  },
  {
    title: 'SIPSIM: token info is told without a token',
    catches: ['sipsim.INF-02'],
    answer: anotherStatus(info, 401, 200),
  },
  {
    title: 'SIPSIM: token info has no state',
    catches: ['sipsim.INF-02'],
    answer: changeError(info, 'invalid_token', (body) => {
      delete body.state;
    }),
  },
  {
    title: 'SIPSIM: token info has no challenge',
    catches: ['sipsim.INF-02'],
    answer: ({ headers }, request) => {
      if (info(request)) delete headers['www-authenticate'];
    },
  },
];
