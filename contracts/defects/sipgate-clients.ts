/** What a server can get wrong about the life of an OAuth client. */
import { type Defect, jsonAnswer, type WireRequest } from '../broken-server.ts';
import {
  answerInstead,
  authorizationOf,
  CLIENT,
  CLIENTS,
  changeBody,
  FULL_ACCESS,
  jsonOf,
  jwtOf,
} from './sipgate-wire.ts';
import { both, isLoginToken, refuse, sends } from './token-wire.ts';

const UNKNOWN = /\/clients\/sidetone-no-such-client/;
const FOREIGN = /\/clients\/9999999-0-/;
const GDPR = /\/gdpr$/;
const asked = (method: string, path: RegExp) => (_: unknown, request: { method: string; path: string }) =>
  request.method === method && path.test(request.path);

export const sipgateClientDefects: Defect[] = [
  {
    title: 'new clients may use every grant, if their user consents',
    catches: ['sipgate.CLI-22'],
    instead: refuse(both(isLoginToken, sends('grant_type', 'password')), 400, 'invalid_client'),
  },
  {
    title: 'a creation is 201',
    catches: ['sipgate.CLI-01'],
    answer: (answer, { method }) => {
      if (method === 'POST' && answer.status === 200) answer.status = 201;
    },
  },
  {
    title: 'the answer to a creation forgets what was sent',
    catches: ['sipgate.CLI-01', 'sipgate.CLI-13'],
    answer: changeBody(asked('POST', CLIENTS), (body) => {
      delete body.termsUrl;
    }),
  },
  {
    title: 'privacyUrl and termsUrl are required',
    catches: ['sipgate.CLI-13'],
    answer: answerInstead(400, (_, request) => request.method === 'POST' && !('termsUrl' in jsonOf(request))),
  },
  {
    title: 'every client has the same secret',
    catches: ['sipgate.CLI-02'],
    answer: changeBody(asked('POST', CLIENTS), (body) => {
      body.clientSecret = 'always-the-same';
    }),
  },
  {
    title: 'a creation shows no secret',
    catches: ['sipgate.CLI-02'],
    answer: changeBody(asked('POST', CLIENTS), (body) => {
      body.clientSecret = '';
    }),
  },
  {
    title: 'GET hides the secret',
    catches: ['sipgate.CLI-04'],
    answer: changeBody(asked('GET', CLIENT), (body) => {
      body.clientSecret = '********';
    }),
  },
  {
    title: 'the list has every client twice',
    catches: ['sipgate.CLI-04'],
    answer: changeBody(asked('GET', CLIENTS), (body) => {
      body.data = [...(body.data as object[]), ...(body.data as object[])];
    }),
  },
  {
    title: 'the list is without the newest client',
    catches: ['sipgate.CLI-04'],
    answer: changeBody(asked('GET', CLIENTS), (body) => {
      body.data = (body.data as object[]).slice(0, -1);
    }),
  },
  {
    title: 'PUT deals a new secret',
    catches: ['sipgate.CLI-06', 'sipgate.CLI-16'],
    answer: changeBody(asked('PUT', CLIENT), (body) => {
      body.clientSecret = 'new';
    }),
  },
  {
    title: 'PUT answers with a description that it does not store',
    catches: ['sipgate.CLI-06'],
    answer: changeBody(asked('GET', CLIENT), (body) => {
      body.description = 'Made by a contract check, which removes it';
    }),
  },
  {
    title: 'the second PUT adds what the first one set',
    catches: ['sipgate.CLI-06'],
    answer: (() => {
      let times = 0;
      return changeBody(asked('PUT', CLIENT), (body) => {
        times += 1;
        if (times > 1) body.redirectUris = [...(body.redirectUris as string[]), ...(body.redirectUris as string[])];
      });
    })(),
  },
  {
    title: 'PUT merges: what it does not name stays',
    catches: ['sipgate.CLI-06'],
    answer: changeBody(asked('PUT', CLIENT), (body) => {
      body.privacyUrl ||= 'https://sidetone.example/privacy';
    }),
  },
  {
    title: 'DELETE is 204',
    catches: ['sipgate.CLI-08'],
    answer: answerInstead(204, ({ status }) => status === 202),
  },
  {
    title: 'DELETE is accepted and nothing is deleted',
    catches: ['sipgate.CLI-08', 'sipgate.CLI-17', 'shortForm.CLI-08'],
    instead: ({ method }) => (method === 'DELETE' ? { status: 202, headers: {}, body: '' } : undefined),
  },
  {
    title: 'an unknown client is 400',
    catches: ['sipgate.CLI-14a', 'sipgate.CLI-14b', 'sipgate.CLI-14c', 'sipgate.CLI-21b', 'shortForm.CLI-14'],
    answer: answerInstead(400, ({ status }, { path }) => status === 404 && UNKNOWN.test(path)),
  },
  {
    title: 'DELETE of what is not there is accepted',
    catches: ['sipgate.CLI-14c', 'sipgate.CLI-08'],
    answer: answerInstead(202, ({ status }, { method }) => status === 404 && method === 'DELETE'),
  },
  {
    title: 'gdpr needs credentials',
    catches: ['sipgate.CLI-21a'],
    answer: answerInstead(401, (_, request) => GDPR.test(request.path) && authorizationOf(request) === ''),
  },
  {
    title: 'gdpr tells the whole client',
    catches: ['sipgate.CLI-21a'],
    answer: changeBody(asked('GET', GDPR), (body) => {
      body.name = 'sidetone-contract';
    }),
  },
];

export const sipgateClientOwnershipDefects: Defect[] = [
  {
    title: "another account's client is 403",
    catches: ['sipgate.CLI-15a', 'sipgate.CLI-15b'],
    answer: answerInstead(403, ({ status }, { path }) => status === 404 && FOREIGN.test(path)),
  },
  {
    title: 'the list has the clients of every account',
    catches: ['sipgate.CLI-15a'],
    answer: changeBody(asked('GET', CLIENTS), (body) => {
      const foreign = '9999999-0-5f0c9a52-1f5f-4b58-8b5e-7d3d0a0f2c41:third-party';
      body.data = [...(body.data as object[]), { clientId: foreign }];
    }),
  },
  {
    title: "PUT of another account's client is done, and answered with 404",
    catches: ['sipgate.CLI-15b'],
    ...(() => {
      let replaced = false;
      return {
        request: ({ method, path }: { method: string; path: string }) => {
          replaced ||= method === 'PUT' && FOREIGN.test(path);
        },
        answer: changeBody(asked('GET', GDPR), (body) => {
          if (replaced) body.privacyUrl = 'https://sidetone.example/taken';
        }),
      };
    })(),
  },
  {
    title: 'a member that nobody declared is kept',
    catches: ['sipgate.CLI-16'],
    answer: changeBody(asked('GET', CLIENT), (body) => {
      body.trusted = true;
    }),
  },
  {
    title: 'the secret of a body is honoured',
    catches: ['sipgate.CLI-16'],
    answer: changeBody(
      (_, { path, method }) => CLIENTS.test(path) || (CLIENT.test(path) && method === 'PUT'),
      (body, request) => {
        body.clientSecret = jsonOf(request).clientSecret ?? body.clientSecret;
      },
    ),
  },
  {
    title: 'the token endpoint does not know new clients',
    catches: ['sipgate.CLI-17'],
    instead: ({ path }) =>
      path.startsWith('/auth/realms/sipgate-apps/') ? jsonAnswer(401, { error: 'invalid_client' }) : undefined,
  },
  {
    title: 'tokens of new clients open nothing',
    catches: ['sipgate.CLI-17'],
    answer: answerInstead(
      401,
      (_, request) => request.path === '/v2/account' && authorizationOf(request).startsWith('Bearer '),
    ),
  },
  {
    title: 'a secret may have something behind it',
    catches: ['sipgate.CLI-17'],
    request: (request) => {
      request.body = request.body.replace('x&scope=', '&scope=');
    },
  },
  {
    title: "a deleted client's tokens live on",
    catches: ['sipgate.CLI-17'],
    ...(() => {
      let deleted = false;
      return {
        request: (request: WireRequest) => {
          deleted ||= request.method === 'DELETE';
          if (deleted && 'scope' in jwtOf(request).claims) request.headers.authorization = [FULL_ACCESS];
        },
      };
    })(),
  },
];
