/** Each operation that takes a body × a body over the limit: 413, which on the fake takes no megabyte. */
import { withSetting } from '../changed-setting.ts';
import type { Check } from '../check.ts';
import type { DeclaredOperation } from '../document.ts';
import { bearer, NOWHERE, type Session } from '../session.ts';
import { expectDeclared } from './declared-answer.ts';
import { nameOf, needsOf } from './naming.ts';
import { schemesOf } from './schemes.ts';

/** In bytes, for the time of a check. */
const LIMIT = 64;

/** One check for each operation that declares 413. */
export function largeBodyChecks(operations: DeclaredOperation[]): Check[] {
  return operations.filter(({ responses }) => '413' in responses).map(checkOf);
}

function checkOf(operation: DeclaredOperation): Check {
  const { operationId, provider, method, path, responses } = operation;
  return {
    id: `${provider}.BIG-${nameOf(operationId)}`,
    title: `${method} ${path} answers a body over the limit with 413`,
    provider: provider as Check['provider'],
    operation: operationId,
    level: 'SHOULD',
    clause: 'RFC 9110 §15.5.14; the limit is a setting of the fake',
    evidence: provider === 'shortForm' ? 'convenience' : (responses['413']?.['x-evidence']?.class ?? 'assumed'),
    risk: 'mock-only',
    needs: needsOf(provider, 'control', ...schemesOf(operation).map(({ need }) => need)),
    run: async (session) => {
      const authorization = await authorizationFor(session, operation);
      await withSetting(session, 'server', { bodyLimit: LIMIT }, async () => {
        const [type = ''] = Object.keys(operation.requestBody?.content ?? {});
        const content = { body: 'x'.repeat(LIMIT + 1), headers: { 'content-type': type } };
        const options = { params: NOWHERE, ...content, ...(authorization !== undefined && { authorization }) };
        const reply = await session.call(operationId, options);
        expectDeclared(session, operationId, reply, 413, `a body of ${LIMIT + 1} bytes where ${LIMIT} are the limit`);
      });
    },
  };
}

/** Who may not ask is told so first. */
async function authorizationFor(session: Session, operation: DeclaredOperation): Promise<string | undefined> {
  const [scheme] = schemesOf(operation);
  return scheme && bearer(await scheme.mint(session, ...scheme.opening(operation).slice(0, 1)));
}
