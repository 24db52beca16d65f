/** Each query parameter × each keyword of its schema: what breaks it is refused as declared, and named. */
import type { Check } from '../check.ts';
import type { DeclaredOperation, DeclaredParameter } from '../document.ts';
import { bearer, NOWHERE, type Session } from '../session.ts';
import { expectNamed } from '../sipsim/resource.ts';
import { expectDeclared } from './declared-answer.ts';
import { nameOf, needsOf } from './naming.ts';
import { schemesOf } from './schemes.ts';
import { violationsOf } from './violations.ts';

/** A query that breaks one keyword of one parameter; without a value it is left out. */
interface Broken {
  keyword: string;
  name: string;
  value?: string;
}

/** One check for each operation and keyword, of those whose operations say with 422 what is wrong with a parameter. */
export function refusedParameterChecks(operations: DeclaredOperation[]): Check[] {
  // The login server has an order of its own, and answers by pages: its parameters have checks of their own.
  const judged = operations.filter(({ responses }) => '422' in responses);
  return judged.flatMap((operation) => {
    const broken = operation.parameters.filter((parameter) => parameter.in === 'query').flatMap(brokenOf);
    const keywords = [...new Set(broken.map(({ keyword }) => keyword))];
    return keywords.map((keyword) =>
      checkOf(
        operation,
        keyword,
        broken.filter((one) => one.keyword === keyword),
      ),
    );
  });
}

function brokenOf({ name, required, schema }: DeclaredParameter): Broken[] {
  const missing = required === true ? [{ keyword: 'required', name }] : [];
  // Everything in a query is text: to a string it can do nothing, to other types what no number or word is.
  const isText = schema.type === 'string';
  const values = violationsOf(schema, sampleOf(schema)).filter(
    ({ keyword, value }) => !(isText && keyword === 'type') && ['string', 'number'].includes(typeof value),
  );
  return [...missing, ...values.map(({ keyword, value }) => ({ keyword, name, value: String(value) }))];
}

const sampleOf = ({ type, minimum = 7 }: DeclaredParameter['schema']) => (type === 'integer' ? minimum : 'sidetone');

function checkOf(operation: DeclaredOperation, keyword: string, broken: Broken[]): Check {
  const { operationId, provider, method, path } = operation;
  const said = broken.map(({ name, value }) => (value === undefined ? `no ${name}` : `${name}=${value}`));
  return {
    id: `${provider}.PRM-${keyword}-${nameOf(operationId)}`,
    title: `${method} ${path} answers ${said.join(', ')} with 422 and names it`,
    provider: provider as Check['provider'],
    operation: operationId,
    level: 'PARITY',
    clause: 'openapi.yaml, the schema of the parameter',
    evidence: 'assumed',
    risk: method === 'GET' ? 'read' : 'write',
    needs: needsOf(provider, ...schemesOf(operation).map(({ need }) => need)),
    run: async (session) => {
      for (const one of broken) await proveRefused(session, operation, one);
    },
  };
}

async function proveRefused(session: Session, operation: DeclaredOperation, { name, value, keyword }: Broken) {
  const good = operation.parameters.filter((parameter) => parameter.in === 'query' && parameter.required === true);
  const query: Record<string, string> = Object.fromEntries(good.map((one) => [one.name, String(one.example)]));
  if (value === undefined) delete query[name];
  else query[name] = value;
  const [scheme] = schemesOf(operation);
  const authorization = scheme && bearer(await scheme.mint(session, ...scheme.grantable(session)));
  const options = { params: NOWHERE, query, ...(authorization && { authorization }) };
  const reply = await session.call(operation.operationId, options);
  expectDeclared(session, operation.operationId, reply, 422, `${keyword} of ${name}`);
  expectNamed(reply, name);
}
