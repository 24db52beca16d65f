/** Each JSON body × each keyword of its schema: what breaks it is refused as declared, and nothing is stored. */
import type { Check, Evidence } from '../check.ts';
import type { DeclaredOperation } from '../document.ts';
import type { CallOptions, Session } from '../session.ts';
import { expectNamed } from '../sipsim/resource.ts';
import { expectAsBefore, type GoodRequest, placeOf } from './body-places.ts';
import { expectDeclared } from './declared-answer.ts';
import { nameOf, needsOf } from './naming.ts';
import { violationsOf } from './violations.ts';

/** A way to spoil a good request. */
interface Attempt {
  what: string;
  options: CallOptions;
  status: number;
  /** Member that a refusal must name, where refusals name any. */
  member?: string;
}

interface Kind {
  suffix: string;
  /** Of the refusals, where one is known for all such bodies. */
  status?: number;
  title: string;
  clause: string;
  attempts(request: GoodRequest, operation: DeclaredOperation): Attempt[];
}

const JSON_TYPE = { 'content-type': 'application/json' };

const FORM_TYPE = { 'content-type': 'application/x-www-form-urlencoded' };

const MALFORMED: Kind = {
  suffix: 'json',
  status: 400,
  title: 'a body that is no JSON',
  clause: 'RFC 9110 §15.5.1',
  attempts: ({ body }) => [
    { what: 'a body without its last brace', options: sent(JSON.stringify(body).slice(0, -1), JSON_TYPE), status: 400 },
  ],
};

const OF_OTHER_TYPE: Kind = {
  suffix: 'media',
  status: 415,
  title: 'a body of another media type, or of none',
  clause: 'RFC 9110 §15.5.16',
  attempts: ({ body }) => [
    { what: 'text/plain', options: sent(JSON.stringify(body), { 'content-type': 'text/plain' }), status: 415 },
    { what: 'a form', options: sent('name=sidetone', FORM_TYPE), status: 415 },
    { what: 'no Content-Type', options: sent(JSON.stringify(body), {}), status: 415 },
  ],
};

const sent = (body: string, headers: Record<string, string>): CallOptions => ({ body, headers });

/** Bodies that a schema keyword refuses. */
const ofKeyword = (keyword: string): Kind => ({
  suffix: keyword,
  title: KEYWORDS[keyword] ?? `a body that breaks ${keyword}`,
  clause: 'RFC 9110 §15.5.1; openapi.yaml, the schema of the body',
  attempts: ({ body }, operation) =>
    violationsOf(schemaOf(operation), body)
      .filter((violation) => violation.keyword === keyword)
      .map(({ member, value }) => ({
        what: `${keyword} ${member === '' ? 'of the body' : `of "${member}"`}: ${JSON.stringify(value)}`,
        options: { json: value },
        status: '422' in operation.responses ? 422 : 400,
        ...(member !== '' && { member }),
      })),
});

const KEYWORDS: Record<string, string> = {
  type: 'a body, and each member, of a wrong type',
  null: 'null for the body, and for each member that may not be null',
  required: 'a body without one of the required members, each of them',
  items: 'a list with an item that it may not have, each of them',
  pattern: 'a member that does not have its form, each of them',
  format: 'a member that does not have its format, each of them',
};

/** One check for each operation and keyword, and for bodies that are no JSON or say that they are none. */
export function refusedBodyChecks(operations: DeclaredOperation[]): Check[] {
  const taking = operations.filter(({ requestBody }) => {
    const types = Object.keys(requestBody?.content ?? {});
    // Forms are judged by the login servers' own order, which has checks of its own.
    return types.length === 1 && types[0] === 'application/json';
  });
  return taking.flatMap((operation) => kindsOf(operation).map((kind) => checkOf(operation, kind)));
}

function kindsOf(operation: DeclaredOperation): Kind[] {
  const [example] = Object.values(operation.requestBody?.content['application/json']?.examples ?? {});
  const keywords = violationsOf(schemaOf(operation), example?.value).map(({ keyword }) => keyword);
  return [
    MALFORMED,
    ...('415' in operation.responses ? [OF_OTHER_TYPE] : []),
    ...[...new Set(keywords)].map(ofKeyword),
  ];
}

const schemaOf = ({ requestBody }: DeclaredOperation) => requestBody?.content['application/json']?.schema ?? {};

function checkOf(operation: DeclaredOperation, kind: Kind): Check {
  const { operationId, provider, method, path } = operation;
  const place = placeOf(operationId);
  return {
    id: `${provider}.SCH-${kind.suffix}-${nameOf(operationId)}`,
    title: `${method} ${path} refuses ${kind.title}, and nothing is stored`,
    provider: provider as Check['provider'],
    operation: operationId,
    level: 'PARITY',
    clause: kind.clause,
    evidence: provider === 'shortForm' ? 'convenience' : evidenceOf(operation, kind),
    risk: place.risk,
    needs: needsOf(provider, ...place.needs),
    run: (session) =>
      place.lend(session, (request) =>
        expectAsBefore(session, place, async () => {
          for (const attempt of kind.attempts(request, operation))
            await proveRefused(session, operation, request, attempt);
        }),
      ),
  };
}

/** That such bodies are refused may be documented; which of them break a schema is nobody's promise. */
function evidenceOf({ responses }: DeclaredOperation, { status }: Kind): Evidence {
  return responses[String(status)]?.['x-evidence']?.class ?? 'assumed';
}

async function proveRefused(
  session: Session,
  { operationId }: DeclaredOperation,
  request: GoodRequest,
  { options, status, what, member }: Attempt,
): Promise<void> {
  const reply = await session.call(operationId, { ...request.options, ...options });
  expectDeclared(session, operationId, reply, status, what);
  // SIPSIM's envelope tells what is wrong.
  if (member !== undefined && reply.status === 422) expectNamed(reply, member);
}
