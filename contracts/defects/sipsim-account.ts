/** What a server can get wrong about SIPSIM's account: envelope, methods, paths and header fields. */
import { changeJson, type Defect, type WireRequest } from '../broken-server.ts';
import { authorizationOf } from './sipgate-wire.ts';
import { both, changeStatus, changeSuccess, isSipsimAccount, type Which } from './token-wire.ts';

const isApi: Which = ({ path }) => path.startsWith('/api/v2/');
const anonymous: Which = (request) => authorizationOf(request) === '';

type Body = Record<string, unknown>;
const changeData = (change: Body) =>
  changeSuccess(isSipsimAccount, (body) => ({ ...body, data: { ...(body.data as Body), ...change } }));
const changeEnvelope = (change: (body: Body, request: WireRequest) => Body) => changeSuccess(isSipsimAccount, change);
const changeErrors =
  (change: (body: Body, request: WireRequest) => Body): Defect['answer'] =>
  (answer, request) => {
    if (isApi(request) && answer.status >= 400 && answer.body !== '')
      changeJson(answer, (body) => change(body, request));
  };

export const sipsimAccountDefects: Defect[] = [
  {
    title: "SIPSIM: the account's id is a string",
    catches: ['sipsim.ACC-01'],
    answer: changeData({ id: '12345' }),
  },
  {
    title: 'SIPSIM: the account has no company_name',
    catches: ['sipsim.ACC-01'],
    answer: changeData({ company_name: null }),
  },
  {
    title: 'SIPSIM: the account has no email address',
    catches: ['sipsim.ACC-01'],
    answer: changeData({ email: '' }),
  },
  {
    title: 'SIPSIM: the envelope has a member more',
    catches: ['sipsim.ACC-02'],
    answer: changeEnvelope((body) => ({ ...body, path: '/api/v2/account' })),
  },
  {
    title: 'SIPSIM: request_id is no UUID',
    catches: ['sipsim.ACC-03'],
    answer: changeEnvelope((body) => ({ ...body, request_id: String(body.request_id).slice(1) })),
  },
  {
    title: 'SIPSIM: request_id is always the same',
    catches: ['sipsim.ACC-03'],
    answer: changeEnvelope((body) => ({ ...body, request_id: '3f8f4f1c-6d0a-4c6f-9c0e-0a4a4a1f1b1e' })),
  },
  {
    title: 'SIPSIM: timestamp has milliseconds',
    catches: ['sipsim.ACC-04'],
    answer: changeEnvelope((body) => ({ ...body, timestamp: String(body.timestamp).replace('Z', '.000Z') })),
  },
  {
    title: 'SIPSIM: timestamp is local time with a Z',
    catches: ['sipsim.ACC-04'],
    answer: changeEnvelope((body) => {
      const shifted = new Date(Date.parse(String(body.timestamp)) + 3_600_000);
      return { ...body, timestamp: shifted.toISOString().replace('.000', '') };
    }),
  },
  {
    title: 'SIPSIM: an error has a timestamp',
    catches: ['sipsim.ERR-04'],
    answer: changeErrors((body) => ({ ...body, timestamp: '2024-01-15T10:30:00Z' })),
  },
  {
    title: 'SIPSIM: the status of an error is a string',
    catches: ['sipsim.ERR-05'],
    answer: changeErrors((body) => ({ ...body, status: String(body.status) })),
  },
  {
    title: 'SIPSIM: the status of success is a word',
    catches: ['sipsim.ERR-05'],
    answer: changeEnvelope((body) => ({ ...body, status: 'ok' })),
  },
  {
    title: 'SIPSIM: errors is empty',
    catches: ['sipsim.ERR-07'],
    answer: changeErrors((body) => ({ ...body, errors: [] })),
  },
  {
    title: 'SIPSIM: errors holds objects',
    catches: ['sipsim.ERR-07'],
    answer: changeErrors((body) => ({ ...body, errors: [{ message: 'x' }] })),
  },
  {
    title: 'SIPSIM: the path of an error has the query',
    catches: ['sipsim.ERR-09'],
    answer: changeErrors((body, { path }) => ({ ...body, path })),
  },
];

export const sipsimHttpDefects: Defect[] = [
  {
    title: 'SIPSIM: an unknown path is 401 without credentials: authentication comes before routing',
    catches: ['sipsim.HTP-01a'],
    answer: changeStatus(both(isApi, anonymous), 404, (answer) => {
      answer.status = 401;
    }),
  },
  {
    title: 'SIPSIM: an unknown path is a page of HTML',
    catches: ['sipsim.HTP-01a'],
    answer: changeStatus(isApi, 404, ({ headers }) => {
      headers['content-type'] = 'text/html';
    }),
  },
  {
    title: 'SIPSIM: a path with a closing slash is unknown',
    catches: ['sipsim.HTP-02'],
    request: (request) => {
      request.path = request.path.replace(/^(\/api\/v2\/account)\/$/, '$1/sidetone');
    },
  },
  {
    title: 'SIPSIM: what continues a known path is that path',
    catches: ['sipsim.HTP-01b'],
    request: (request) => {
      request.path = request.path.replace(/^(\/api\/v2\/account)\/.*$/, '$1');
    },
  },
  {
    title: 'SIPSIM: a slash behind a path is another path',
    catches: ['sipsim.HTP-02'],
    request: (request) => {
      request.path = request.path.replace(/\/$/, '/nothing');
    },
  },
  {
    title: "SIPSIM: an unknown path beside the token endpoint is an error of OAuth's form",
    catches: ['sipsim.HTP-01c'],
    answer: changeStatus(
      ({ path }) => path.startsWith('/oauth/'),
      404,
      (answer) => changeJson(answer, () => ({ error: 'invalid_request' })),
    ),
  },
  {
    title: 'SIPSIM: HEAD is 404',
    catches: ['sipsim.HTP-07'],
    answer: changeStatus(
      ({ method }) => method === 'HEAD',
      200,
      (answer) => {
        answer.status = 404;
      },
    ),
  },
  {
    title: 'SIPSIM: HEAD has no Content-Type',
    catches: ['sipsim.HTP-07'],
    answer: changeStatus(
      ({ method }) => method === 'HEAD',
      200,
      ({ headers }) => {
        delete headers['content-type'];
      },
    ),
  },
  {
    title: 'SIPSIM: JSON does not say its charset',
    catches: ['sipsim.HTP-14'],
    answer: changeStatus(isApi, 200, ({ headers }) => {
      headers['content-type'] = 'application/json';
    }),
  },
  {
    title: 'SIPSIM: Date is an ISO timestamp',
    catches: ['sipsim.HTP-22'],
    answer: ({ headers }, request) => {
      if (isApi(request)) headers.date = new Date(headers.date ?? 0).toISOString();
    },
  },
];
