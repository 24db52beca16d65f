/** What a server can get wrong about paths, methods, CORS and headers under /v2. */
import type { Defect, WireAnswer, WireRequest } from '../broken-server.ts';
import { answerInstead, authorizationOf } from './sipgate-wire.ts';

const anonymous = (request: WireRequest) => authorizationOf(request) === '';
const withoutCors = ({ headers }: WireAnswer) => {
  for (const name of Object.keys(headers)) if (name.startsWith('access-control-')) delete headers[name];
};

export const sipgateHttpDefects: Defect[] = [
  {
    title: '403 and 405 are for no other origin to read',
    catches: ['sipgate.COR-03'],
    answer: (answer) => {
      if (answer.status === 403 || answer.status === 405) withoutCors(answer);
    },
  },
  {
    title: 'an unknown path is 400',
    catches: ['sipgate.HTP-01a', 'sipgate.HTP-01b'],
    answer: answerInstead(400, ({ status }) => status === 404),
  },
  {
    title: 'an unknown path is 401 without credentials: authentication comes before routing',
    catches: ['sipgate.HTP-01b'],
    answer: answerInstead(401, ({ status }, request) => status === 404 && anonymous(request)),
  },
  {
    title: 'a closing slash is taken for nothing',
    catches: ['sipgate.HTP-02'],
    request: (request) => {
      request.path = request.path.replace(/^(\/v2\/[^?]+)\/$/, '$1');
    },
  },
  {
    title: 'a wrong method is 404',
    catches: ['sipgate.HTP-03a'],
    answer: answerInstead(404, ({ status }) => status === 405),
  },
  {
    title: 'HEAD is 405',
    catches: ['sipgate.HTP-07'],
    answer: answerInstead(405, (_, { method }) => method === 'HEAD'),
  },
  {
    title: 'HEAD says nothing of the type',
    catches: ['sipgate.HTP-07'],
    answer: ({ headers }, { method }) => {
      if (method === 'HEAD') delete headers['content-type'];
    },
  },
  {
    title: 'OPTIONS needs credentials',
    catches: ['sipgate.BRR-21'],
    answer: answerInstead(401, (_, { method }) => method === 'OPTIONS'),
  },
  {
    title: 'a preflight does not allow Authorization',
    catches: ['sipgate.BRR-21'],
    answer: ({ headers }) => {
      if (headers['access-control-allow-headers']) headers['access-control-allow-headers'] = 'Content-Type, Accept';
    },
  },
  {
    title: 'any origin is allowed by a star, which browsers refuse with credentials',
    catches: ['sipgate.COR-01', 'sipgate.COR-02', 'sipgate.BRR-21'],
    answer: ({ headers }) => {
      if (headers['access-control-allow-origin']) headers['access-control-allow-origin'] = '*';
    },
  },
  {
    title: 'answers do not say that they vary by Origin',
    catches: ['sipgate.COR-01', 'sipgate.COR-02'],
    answer: ({ headers }) => {
      headers.vary = 'Accept-Encoding';
    },
  },
  {
    title: 'only what is asked from another origin says that it varies by it',
    catches: ['sipgate.COR-04'],
    answer: ({ headers }, request) => {
      if (request.headers.origin === undefined) delete headers.vary;
    },
  },
  {
    title: 'a preflight allows the same few header fields whatever it asks for',
    catches: ['sipgate.COR-05'],
    answer: ({ headers }) => {
      if (headers['access-control-allow-headers']) headers['access-control-allow-headers'] = 'Authorization';
    },
  },
  {
    title: 'a preflight holds for a span that is no number',
    catches: ['sipgate.COR-05'],
    answer: ({ headers }) => {
      if (headers['access-control-max-age']) headers['access-control-max-age'] = '1h';
    },
  },
  {
    title: 'refusals have no CORS headers',
    catches: ['sipgate.COR-02'],
    answer: (answer) => {
      if (answer.status >= 400) withoutCors(answer);
    },
  },
  {
    title: 'JSON is called text',
    catches: ['sipgate.HTP-14'],
    answer: ({ status, headers }) => {
      if (status === 200) headers['content-type'] = 'text/plain; charset=utf-8';
    },
  },
  {
    title: 'an empty body has a type',
    catches: ['sipgate.HTP-14'],
    answer: ({ body, headers }) => {
      if (body === '') headers['content-type'] = 'application/json';
    },
  },
  {
    title: 'the Date of a refusal is no HTTP date',
    catches: ['sipgate.HTP-22'],
    answer: ({ status, headers }) => {
      if (status === 401) headers.date = new Date(0).toISOString();
    },
  },
  {
    title: 'a GET that names a Content-Type must have a body',
    catches: ['sipgate.HTP-32'],
    answer: answerInstead(400, (_, { method, headers }) => method === 'GET' && headers['content-type'] !== undefined),
  },
];
