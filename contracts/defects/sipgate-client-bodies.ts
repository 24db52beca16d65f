/** What a server can get wrong about the bodies of OAuth clients. */
import type { Defect, WireRequest } from '../broken-server.ts';
import { answerInstead, authorizationOf, CLIENT, CLIENTS, changeBody, jsonOf, letIn } from './sipgate-wire.ts';

const GOOD: Record<string, unknown> = {
  name: 'sidetone-repaired',
  description: '',
  redirectUris: [],
  webOrigins: [],
  privacyUrl: '',
  termsUrl: '',
};

const writes = ({ method, path }: WireRequest) =>
  (method === 'POST' && CLIENTS.test(path)) || (method === 'PUT' && CLIENT.test(path));

const sameType = (one: unknown, other: unknown) =>
  Array.isArray(one) && Array.isArray(other)
    ? one.every((item) => typeof item === 'string')
    : typeof one === typeof other && Array.isArray(one) === Array.isArray(other);

const badUri = (uri: unknown) => !/^https:[^#]*$/.test(String(uri));

/** Fills what is missing, replaces what is of a wrong type, drops bad redirect URIs; whether anything was. */
function repair(request: WireRequest): boolean {
  const given = jsonOf(request);
  const fitting = Object.entries(given).filter(([name, value]) => sameType(value, GOOD[name] ?? value));
  const repaired = { ...GOOD, ...Object.fromEntries(fitting) };
  repaired.redirectUris = (repaired.redirectUris as unknown[]).filter((uri) => !badUri(uri));
  const needed = ['name', 'description', 'redirectUris', 'webOrigins'];
  const changed =
    needed.some((name) => !(name in given)) ||
    Object.keys(given).some((name) => JSON.stringify(given[name]) !== JSON.stringify(repaired[name]));
  if (changed) request.body = JSON.stringify(repaired);
  return changed;
}

const isText = ({ headers }: WireRequest) => headers['content-type']?.[0] !== 'application/json';
const callJson = (request: WireRequest) => {
  request.headers['content-type'] = ['application/json'];
};

export const sipgateClientBodyDefects: Defect[] = [
  {
    title: 'a body of any size is looked at before its size is',
    catches: ['sipgate.HTP-29'],
    answer: answerInstead(400, ({ status }) => status === 413),
  },
  {
    title: 'JSON that breaks off is mended',
    catches: ['sipgate.SCH-json-createClient'],
    request: (request) => {
      if (writes(request) && !request.body.endsWith('}')) request.body += '}';
    },
  },
  {
    title: 'a malformed body is the fault of the server',
    catches: ['sipgate.SCH-json-createClient', 'sipgate.HTP-24'],
    answer: answerInstead(500, ({ status }) => status === 400),
  },
  {
    title: 'the Content-Type is not looked at',
    catches: ['sipgate.SCH-media-createClient', 'sipgate.SCH-media-updateClient', 'shortForm.SCH-media-createClient'],
    request: (request) => {
      if (writes(request) && isText(request)) callJson(request);
    },
  },
  {
    title: 'a wrong Content-Type is 400',
    catches: ['sipgate.SCH-media-createClient', 'sipgate.SCH-media-updateClient'],
    answer: answerInstead(400, ({ status }) => status === 415),
  },
  {
    title: 'no body makes a client with nothing but defaults',
    catches: ['sipgate.HTP-24'],
    request: (request) => {
      if (writes(request) && request.body === '') request.body = JSON.stringify(GOOD);
    },
  },
  {
    title: 'members that are missing or wrong are replaced by defaults',
    catches: [
      'sipgate.SCH-type-createClient',
      'sipgate.SCH-required-updateClient',
      'sipgate.SCH-required-createClient',
      'sipgate.CLI-12',
      'shortForm.SCH-required-createClient',
    ],
    request: (request) => {
      if (writes(request)) repair(request);
    },
  },
  {
    title: 'a redirect URI is looked at for its scheme and its fragment alone',
    catches: ['sipgate.CLI-12'],
    request: (request) => {
      const { redirectUris, ...rest } = jsonOf(request);
      if (!writes(request) || !Array.isArray(redirectUris)) return;
      const fitting = redirectUris.map((uri) => (badUri(uri) ? uri : 'https://sidetone.example/callback'));
      request.body = JSON.stringify({ ...rest, redirectUris: fitting });
    },
  },
  {
    title: 'what is refused with 400 is stored all the same',
    catches: [
      'sipgate.SCH-type-createClient',
      'sipgate.SCH-required-updateClient',
      'sipgate.SCH-required-createClient',
      'sipgate.CLI-12',
    ],
    request: (request) => {
      if (writes(request) && repair(request)) request.headers['x-repaired'] = ['yes'];
    },
    answer: answerInstead(400, (_, { headers }) => headers['x-repaired'] !== undefined),
  },
  {
    title: 'termsUrl may be anything',
    catches: ['sipgate.SCH-type-createClient'],
    request: (request) => {
      const body = jsonOf(request);
      if (writes(request) && 'termsUrl' in body) request.body = JSON.stringify({ ...body, termsUrl: '' });
    },
  },
  {
    title: 'of a list of clients the first is made',
    catches: ['sipgate.SCH-type-createClient'],
    request: (request) => {
      const body: unknown = jsonOf(request);
      if (Array.isArray(body)) request.body = JSON.stringify(body[0]);
    },
  },
  {
    title: 'bodies are judged before credentials',
    catches: ['sipgate.HTP-12d'],
    request: letIn((request) => writes(request) && authorizationOf(request) === ''),
  },
  {
    title: 'redirect URIs may not have wildcards',
    catches: ['sipgate.CLI-13'],
    answer: answerInstead(400, (_, { body }) => body.includes('*')),
  },
  {
    title: 'wildcards are taken out of redirect URIs',
    catches: ['sipgate.CLI-13'],
    request: (request) => {
      request.body = request.body.replaceAll('*', '');
    },
  },
  {
    title: 'names are stored as HTML',
    catches: ['sipgate.CLI-19'],
    answer: changeBody(
      (_, { path }) => CLIENT.test(path),
      (body) => {
        body.name = String(body.name).replaceAll('<', '&lt;');
      },
    ),
  },
  {
    title: 'names are cut off at 64 characters',
    catches: ['sipgate.CLI-19'],
    answer: changeBody(
      (_, { path }) => CLIENT.test(path),
      (body) => {
        body.name = String(body.name).slice(0, 64);
      },
    ),
  },
];
