/** What a server can get wrong about the short form at the root. */
import { type Defect, jsonAnswer, type WireAnswer, type WireRequest } from '../broken-server.ts';
import {
  answerInstead,
  authorizationOf,
  CLIENT,
  CLIENTS,
  changeBody,
  jsonOf,
  jwtOf,
  letIn,
  pairOf,
  ROOT,
} from './sipgate-wire.ts';

const atRoot = (path: RegExp) => (_: WireAnswer, request: WireRequest) =>
  ROOT.test(request.path) && path.test(request.path);
const ACCOUNT = /^\/account$/;
const isToken = ({ path }: WireRequest) => path === '/oauth/token';
/** Replaces a scope that the token endpoint is asked for. */
const takeScope = (from: string, to: string, client: string) => (request: WireRequest) => {
  if (!isToken(request) || !request.body.includes(client)) return;
  const form = new URLSearchParams(request.body);
  if (form.get('scope') === from) form.set('scope', to);
  request.body = form.toString();
};

export const shortFormAccountDefects: Defect[] = [
  {
    title: '/account of the root has another company than /v2',
    catches: ['shortForm.ACC-01'],
    answer: changeBody(atRoot(ACCOUNT), (body) => {
      body.company = 'Somebody else';
    }),
  },
  {
    title: "/account of the root answers a SIPSIM token with sipgate's account",
    catches: ['shortForm.ACC-02'],
    request: letIn((request) => ROOT.test(request.path) && jwtOf(request).claims.iss === 'sipsim'),
  },
  {
    title: "/account of the root refuses in SIPSIM's form",
    catches: ['shortForm.BRR-01'],
    instead: (request) =>
      ACCOUNT.test(request.path) && authorizationOf(request) === ''
        ? { ...jsonAnswer(401, { status: 401 }), headers: { 'www-authenticate': 'Bearer realm="SIPSIM"' } }
        : undefined,
  },
  {
    title: '/account of the root offers no Basic',
    catches: ['shortForm.BRR-01'],
    answer: ({ headers }) => {
      if (headers['www-authenticate']) headers['www-authenticate'] = 'Bearer realm="sipgate"';
    },
  },
  {
    title: 'at the root a known token id is enough',
    catches: ['shortForm.BAS-02'],
    request: letIn((request) => ROOT.test(request.path) && pairOf(request).startsWith('token-FQ1V12:')),
  },
  {
    title: 'at the root scopes are not looked at',
    catches: ['shortForm.TOK-03'],
    request: letIn((request) => ROOT.test(request.path) && authorizationOf(request) !== ''),
  },
  {
    title: 'an unknown path of the root is 401 without credentials',
    catches: ['shortForm.HTP-01'],
    answer: answerInstead(401, ({ status }, request) => status === 404 && authorizationOf(request) === ''),
  },
];

export const shortFormTokenDefects: Defect[] = [
  {
    title: "/oauth/token answers a sipgate client in the login server's wire form",
    catches: ['shortForm.TOK-01'],
    answer: changeBody(
      (_, request) => isToken(request),
      (body) => {
        delete body.created_at;
        body.refresh_expires_in = 0;
      },
    ),
  },
  {
    title: 'the root does not accept the tokens of its own token endpoint',
    catches: ['shortForm.TOK-02'],
    answer: answerInstead(401, (_, { path }) => ACCOUNT.test(path)),
  },
  {
    title: "an integration may ask by sipgate's scope names",
    catches: ['shortForm.TOK-04'],
    request: takeScope('account:read', 'account.read', 'sipsim-demo'),
  },
  {
    title: "a sipgate client may ask by SIPSIM's scope names",
    catches: ['shortForm.TOK-05'],
    request: takeScope('account.read', 'account:read', 'third-party'),
  },
  {
    title: "a sipgate client's wrong secret has Keycloak's code at /oauth/token",
    catches: ['shortForm.CAU-02'],
    answer: changeBody(
      ({ status }, request) => isToken(request) && status === 401,
      (body) => {
        body.error = 'unauthorized_client';
      },
    ),
  },
  {
    title: '/oauth/token does not know new sipgate clients',
    catches: ['shortForm.CLI-17'],
    instead: (request) =>
      isToken(request) && request.body.includes('sipgate-apps')
        ? jsonAnswer(401, { error: 'invalid_client' })
        : undefined,
  },
  {
    title: 'DELETE under /v2 leaves the client to /oauth/token',
    catches: ['shortForm.CLI-17'],
    instead: ({ method }) => (method === 'DELETE' ? { status: 202, headers: {}, body: '' } : undefined),
  },
];

export const shortFormClientDefects: Defect[] = [
  {
    title: 'a creation at the root is 201',
    catches: ['shortForm.CLI-01'],
    answer: (answer, request) => {
      if (request.method === 'POST' && atRoot(CLIENTS)(answer, request)) answer.status = 201;
    },
  },
  {
    title: 'the root shows another name than /v2',
    catches: ['shortForm.CLI-01', 'shortForm.CLI-04'],
    answer: changeBody(
      (answer, request) => atRoot(CLIENTS)(answer, request) || atRoot(CLIENT)(answer, request),
      (body) => {
        body.name = 'other';
      },
    ),
  },
  {
    title: 'the root has a list of its own',
    catches: ['shortForm.CLI-05'],
    answer: changeBody(atRoot(CLIENTS), (body) => {
      body.data = [];
    }),
  },
  {
    title: 'PUT at the root does not store the name',
    catches: ['shortForm.CLI-06'],
    request: (request) => {
      if (request.method !== 'PUT' || !ROOT.test(request.path)) return;
      request.body = JSON.stringify({ ...jsonOf(request), name: 'sidetone-contract' });
    },
  },
  {
    title: 'gdpr at the root needs credentials',
    catches: ['shortForm.CLI-21'],
    answer: answerInstead(401, atRoot(/\/gdpr$/)),
  },
];
