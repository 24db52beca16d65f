/** What a server can get wrong about bodies and parameters that it should refuse, at each operation. */
import type { Defect, WireAnswer, WireRequest } from '../broken-server.ts';
import { checks, ownDocument } from '../catalogue.ts';
import type { DeclaredOperation } from '../document.ts';
import { nameOf } from '../generated/naming.ts';
import { NO_REALM } from '../generated/unknown-realms.ts';
import { pathPattern } from './path-pattern.ts';

/** The checks of a topic at an operation. */
const checksAt = ({ provider, operationId }: DeclaredOperation, topic: string) =>
  checks
    .map(({ id }) => id)
    .filter((id) => id.startsWith(`${provider}.${topic}-`) && id.endsWith(`-${nameOf(operationId)}`));

/** Refusals of what is sent, not of who sends it. */
const REFUSALS = [400, 415, 422];

const successOf = ({ responses }: DeclaredOperation) => Number(Object.keys(responses).find((status) => status < '3'));

type Change = (answer: WireAnswer, request: WireRequest) => void;

/** Changes the refusals of an operation. */
function atRefusals({ method, path }: DeclaredOperation, change: Change): Change {
  const pattern = pathPattern(path);
  return (answer, request) => {
    if (request.method === method && pattern.test(request.path) && REFUSALS.includes(answer.status)) {
      change(answer, request);
    }
  };
}

function defectsAt(operation: DeclaredOperation): Defect[] {
  const { operationId } = operation;
  const bodies = checksAt(operation, 'SCH');
  const catches = [...bodies, ...checksAt(operation, 'PRM')];
  return [
    {
      title: `${operationId} takes whatever is sent`,
      catches,
      answer: atRefusals(operation, (answer) => {
        answer.status = successOf(operation);
      }),
    },
    {
      title: `${operationId} says 400 for 415 and 422, and 422 for 400`,
      catches,
      answer: atRefusals(operation, (answer) => {
        answer.status = answer.status === 400 ? 422 : 400;
      }),
    },
    {
      title: `${operationId} refuses what is sent in HTML`,
      catches,
      answer: atRefusals(operation, (answer) => {
        answer.headers['content-type'] = 'text/html';
        answer.body = '<h1>Bad Request</h1>';
      }),
    },
    ...(bodies.length > 0 ? [storesAllTheSame(operation, bodies)] : []),
  ].filter((defect) => defect.catches.length > 0);
}

/** From the first refusal on, the list has one more. */
function storesAllTheSame(operation: DeclaredOperation, catches: string[]): Defect {
  let refused = 0;
  const note = atRefusals(operation, () => {
    refused += 1;
  });
  return {
    title: `${operation.operationId} refuses a body and stores something all the same`,
    catches,
    answer: (answer, request) => {
      note(answer, request);
      const isList = request.method === 'GET' && /\/(?:clients|tags|calls|webhooks)(?:\?|$)/.test(request.path);
      if (!isList || answer.status !== 200 || refused === 0) return;
      const body = JSON.parse(answer.body) as { data: object[] };
      answer.body = JSON.stringify({ ...body, data: [...body.data, { ...body.data[0], ...newcomer(refused) }] });
    },
  };
}

const newcomer = (number: number) => ({ id: 900_000 + number, clientId: `sidetone-${number}`, event: `e${number}` });

const everyCheck = (topic: string) => checks.map(({ id }) => id).filter((id) => id.includes(`.${topic}-`));

/** At every operation that takes a body, and of every realm. */
const everywhere: Defect[] = [
  {
    title: 'a body of any size is read before its size is looked at',
    catches: everyCheck('BIG'),
    answer: (answer) => {
      if (answer.status === 413) answer.status = 400;
    },
  },
  {
    title: 'an unknown realm is the default one at every endpoint',
    catches: everyCheck('RLM'),
    request: (request) => {
      request.path = request.path.replace(NO_REALM, 'third-party');
    },
  },
  {
    title: 'an unknown realm is an unknown path',
    catches: everyCheck('RLM'),
    answer: (answer, { path }) => {
      if (path.includes(NO_REALM)) answer.body = JSON.stringify({ error: 'HTTP 404 Not Found' });
    },
  },
  {
    title: 'SIPSIM: what cannot be is 422, whatever sipsim.invalidParameter says',
    catches: ['sipsim.SET-01'],
    answer: (answer, { path }) => {
      if (path.startsWith('/api/v2/') && answer.status === 400) answer.status = 422;
    },
  },
  {
    title: 'SIPSIM: a deleted tag is 200, whatever sipsim.deleteStatus says',
    catches: ['sipsim.SET-02'],
    answer: (answer) => {
      if (answer.status === 204) answer.status = 200;
    },
  },
];

export const generatedRefusalDefects: Defect[] = [
  ...[...ownDocument.operations.values()].flatMap(defectsAt),
  ...everywhere,
];
