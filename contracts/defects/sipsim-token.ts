/** What a server can get wrong about SIPSIM's token endpoint, where Doorkeeper has its own ways. */
import type { Defect, WireRequest } from '../broken-server.ts';
import { answerInstead, authorizationOf, jwtOf, pairOf } from './sipgate-wire.ts';
import {
  both,
  changeError,
  changeStatus,
  changeSuccess,
  formOf,
  isSipsimAccount,
  isSipsimToken,
  misreadForm,
  misreadScope,
  refuse,
  sends,
  setPair,
} from './token-wire.ts';

const isSipsim = ({ path }: WireRequest) => /^\/(?:oauth|api\/v2)\//.test(path);
const grantTypes = (request: WireRequest) => formOf(request).getAll('grant_type');
const isJson = ({ headers }: WireRequest) => headers['content-type']?.[0] === 'application/json';
const hasBasic = (request: WireRequest) => pairOf(request) !== '';
const isClient = (id: string) => both(isSipsimToken, sends('client_id', id));

export const sipsimTokenDefects: Defect[] = [
  {
    title: 'SIPSIM: an empty grant_type is an unknown one',
    catches: ['sipsim.TKE-02'],
    instead: refuse(both(isSipsimToken, sends('grant_type', '')), 400, 'unsupported_grant_type'),
  },
  {
    title: 'SIPSIM: the password grant works, without a user',
    catches: ['sipsim.TKE-17'],
    request: misreadForm(isSipsimToken, (form) => {
      if (form.get('grant_type') === 'password') form.set('grant_type', 'client_credentials');
    }),
  },
  {
    title: 'SIPSIM: the scope is looked at before the client',
    catches: ['sipsim.TKE-20b'],
    instead: refuse(both(isSipsimToken, sends('scope', 'sidetone-no-such-scope')), 400, 'invalid_scope'),
  },
  {
    title: 'SIPSIM: created_at is in milliseconds',
    catches: ['sipsim.TOK-15'],
    answer: changeSuccess(isSipsimToken, (body) => ({ ...body, created_at: Number(body.created_at) * 1000 })),
  },
  {
    title: 'SIPSIM: a grant_type sent twice is refused, as the RFC would have it',
    catches: ['sipsim.TKE-04'],
    instead: refuse(
      both(isSipsimToken, (request) => grantTypes(request).length > 1),
      400,
      'invalid_request',
    ),
  },
  {
    title: 'SIPSIM: of a grant_type sent twice the first one counts',
    catches: ['sipsim.TKE-04'],
    request: misreadForm(isSipsimToken, (form) => form.set('grant_type', form.get('grant_type') ?? '')),
  },
  {
    title: 'SIPSIM: a grant that is not allowed is 400, as the RFC would have it',
    catches: ['sipsim.TKE-07'],
    answer: changeError(isSipsimToken, 'unauthorized_client', (_, answer) => {
      answer.status = 400;
    }),
  },
  {
    title: 'SIPSIM: every integration may use client credentials',
    catches: ['sipsim.TKE-07'],
    answer: changeError(isSipsimToken, 'unauthorized_client', (_, answer) => {
      answer.status = 200;
    }),
  },
  {
    title: 'SIPSIM: a 400 has no challenge',
    catches: ['sipsim.TKE-10'],
    answer: changeStatus(isSipsimToken, 400, ({ headers }) => {
      delete headers['www-authenticate'];
    }),
  },
  {
    title: 'SIPSIM: the challenge has another error code than the body',
    catches: ['sipsim.TKE-10'],
    answer: ({ headers }, request) => {
      if (!isSipsimToken(request) || !headers['www-authenticate']) return;
      headers['www-authenticate'] = 'Bearer realm="Doorkeeper", error="invalid_token"';
    },
  },
  {
    title: 'SIPSIM: a wrong method is 405 with Allow',
    catches: ['sipsim.TKE-11', 'sipsim.HTP-03'],
    answer: changeStatus(isSipsim, 404, (answer) => {
      answer.status = 405;
      answer.headers.allow = 'GET, POST';
    }),
  },
  {
    title: 'SIPSIM: the 404 of a wrong method has Allow',
    catches: ['sipsim.TKE-11', 'sipsim.HTP-03'],
    answer: changeStatus(isSipsim, 404, ({ headers }) => {
      headers.allow = 'GET, POST';
    }),
  },
  {
    title: 'SIPSIM: a JSON body is not read',
    catches: ['sipsim.TKE-12'],
    instead: refuse(both(isSipsimToken, isJson), 400, 'invalid_request'),
  },
  {
    title: 'SIPSIM: plain text is read as a form',
    catches: ['sipsim.TKE-12c'],
    request: (request) => {
      if (isSipsimToken(request) && request.headers['content-type']?.[0] === 'text/plain')
        request.headers['content-type'] = ['application/x-www-form-urlencoded'];
    },
  },
  {
    title: 'SIPSIM: a refused client is told that its state is unauthorized',
    catches: ['sipsim.TKE-22'],
    answer: changeError(isSipsimToken, 'invalid_client', (body) => {
      body.state = 'unauthorized';
    }),
  },
  {
    title: 'SIPSIM: the query is not read',
    catches: ['sipsim.TKE-13'],
    request: (request) => {
      if (isSipsimToken(request)) request.path = request.path.replace(/\?.*$/, '');
    },
  },
];

export const sipsimClientDefects: Defect[] = [
  {
    title: 'SIPSIM: a wrong secret by Basic is challenged by Basic, as the RFC would have it',
    catches: ['sipsim.CAU-02'],
    answer: changeStatus(both(isSipsimToken, hasBasic), 401, ({ headers }) => {
      headers['www-authenticate'] = 'Basic realm="Doorkeeper"';
    }),
  },
  {
    title: "SIPSIM: a wrong secret is unauthorized_client, as sipgate's server has it",
    catches: ['sipsim.CAU-02', 'sipsim.CAU-03', 'sipsim.CAU-05b', 'sipsim.CAU-06b'],
    answer: changeError(isSipsimToken, 'invalid_client', (body) => {
      body.error = 'unauthorized_client';
    }),
  },
  {
    title: 'SIPSIM: an unknown client is told by other words than a wrong secret',
    catches: ['sipsim.CAU-03'],
    answer: changeError(isClient('sidetone-no-such-client'), 'invalid_client', (body) => {
      body.error_description = 'Unknown client';
    }),
  },
  {
    title: 'SIPSIM: an empty secret is 400',
    catches: ['sipsim.CAU-05b'],
    instead: refuse(both(isSipsimToken, sends('client_secret', '')), 400, 'invalid_request'),
  },
  {
    title: 'SIPSIM: the form beats Basic',
    catches: ['sipsim.CAU-06a', 'sipsim.CAU-06b'],
    request: (request) => {
      if (isSipsimToken(request) && formOf(request).has('client_id')) delete request.headers.authorization;
    },
  },
  {
    title: 'SIPSIM: Basic without an id is a wrong client',
    catches: ['sipsim.CAU-06c'],
    instead: refuse(
      both(isSipsimToken, (request) => /^\s*:/.test(pairOf(request))),
      401,
      'invalid_client',
    ),
  },
  {
    title: 'SIPSIM: Basic with what is no Base64 is refused',
    catches: ['sipsim.CAU-12'],
    instead: refuse(
      both(isSipsimToken, (request) => authorizationOf(request).includes('!')),
      401,
      'invalid_client',
    ),
  },
  {
    title: 'SIPSIM: any scheme that ends in Basic is Basic',
    catches: ['sipsim.CAU-12'],
    request: (request) => {
      const authorization = authorizationOf(request);
      if (isSipsimToken(request) && authorization.startsWith('XBasic '))
        request.headers.authorization = [authorization.slice(1)];
    },
  },
  {
    title: 'SIPSIM: Basic is form-urldecoded, as the RFC would have it',
    catches: ['sipsim.CAU-10'],
    request: (request) => {
      if (isSipsimToken(request) && /^(?:%..)+:(?:%..)+$/.test(pairOf(request))) {
        setPair(request, pairOf(request).split(':').map(decodeURIComponent).join(':'));
      }
    },
  },
];

export const sipsimScopeDefects: Defect[] = [
  {
    title: 'SIPSIM: account.read alone does not open the account',
    catches: ['sipsim.SCP-01'],
    answer: answerInstead(403, (_, request) => jwtOf(request).claims.scope === 'account.read'),
  },
  {
    title: 'SIPSIM: scopes that an integration may not have are left out',
    catches: ['sipsim.SCP-02', 'sipsim.SCP-03'],
    request: (request) => {
      misreadScope(isClient('sipsim-account-only'), () => 'account.read')(request);
      misreadScope(isClient('sipsim-no-account'), () => 'phones.read')(request);
    },
  },
  {
    title: 'SIPSIM: a scope of the vendor is unknown',
    catches: ['sipsim.SCP-04'],
    instead: refuse(
      both(isSipsimToken, (request) => String(formOf(request).get('scope')).includes('webhooks.write')),
      400,
      'invalid_scope',
    ),
  },
  {
    title: 'SIPSIM: a scope of the vendor is left out',
    catches: ['sipsim.SCP-04'],
    request: misreadScope(isSipsimToken, (scope) => scope.replace(' webhooks.write', '')),
  },
  {
    title: 'SIPSIM: without a scope an integration gets account.read',
    catches: ['sipsim.SCP-09'],
    request: misreadForm(isSipsimToken, (form) => {
      if (!form.get('scope')?.trim()) form.set('scope', 'account.read');
    }),
  },
  {
    title: 'SIPSIM: every token opens the account',
    catches: ['sipsim.BRR-06b'],
    answer: changeStatus(isSipsimAccount, 403, (answer) => {
      answer.status = 200;
    }),
  },
  {
    title: 'SIPSIM: a 403 has a challenge, as the RFC would have it',
    catches: ['sipsim.BRR-06b'],
    answer: changeStatus(isSipsimAccount, 403, ({ headers }) => {
      headers['www-authenticate'] = 'Bearer realm="Doorkeeper", error="insufficient_scope"';
    }),
  },
  {
    title: 'SIPSIM: spaces alone divide scopes, as the RFC would have it',
    catches: ['sipsim.SCP-08'],
    instead: refuse(
      both(isSipsimToken, (request) => /[\t\n]/.test(formOf(request).get('scope') ?? '')),
      400,
      'invalid_scope',
    ),
  },
  {
    title: 'SIPSIM: a form needs its Content-Type',
    catches: ['sipsim.TKE-12b'],
    instead: refuse(
      both(isSipsimToken, ({ headers }) => !headers['content-type']),
      400,
      'invalid_request',
    ),
  },
  {
    title: 'SIPSIM: the form beats the query',
    catches: ['sipsim.TKE-12b'],
    request: (request) => {
      if (isSipsimToken(request) && request.body !== '') request.path = request.path.replace(/\?.*$/, '');
    },
  },
  {
    title: 'SIPSIM: granted scopes are sorted',
    catches: ['sipsim.SCP-07'],
    answer: changeSuccess(isSipsimToken, (body) => ({
      ...body,
      scope: String(body.scope).split(' ').sort().join(' '),
    })),
  },
];
