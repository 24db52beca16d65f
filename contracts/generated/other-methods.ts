/** Each path × each method that it does not declare: the status and the `Allow` that openapi.yaml has for them. */
import { type Check, CheckFailure } from '../check.ts';
import type { Reply } from '../client.ts';
import type { ContractDocument, DeclaredPath } from '../document.ts';
import { expectEqual, expectHeader, expectNoHeader, expectStatus } from '../expect.ts';
import type { OtherMethod } from '../other-methods.ts';
import { NOWHERE, type Session } from '../session.ts';
import { nameOf, needsOf } from './naming.ts';

const SAFE = ['GET', 'HEAD', 'OPTIONS', 'TRACE'];

/** Two checks for each path: of the methods that can do no harm, and of those that could where a target is wrong. */
export function otherMethodChecks(paths: DeclaredPath[]): Check[] {
  return paths.flatMap((path) => {
    const methods = Object.keys(path.otherMethods);
    const safe = methods.filter((method) => SAFE.includes(method));
    const unsafe = methods.filter((method) => !SAFE.includes(method));
    return [
      ...(safe.length > 0 ? [checkOf(path, safe, 'safe', 'read')] : []),
      ...(unsafe.length > 0 ? [checkOf(path, unsafe, 'unsafe', 'write')] : []),
    ];
  });
}

function checkOf(path: DeclaredPath, methods: string[], kind: string, risk: Check['risk']): Check {
  const { operationId } = path.operations[0] as DeclaredPath['operations'][0];
  return {
    id: `${path.provider}.MTH-${kind}-${nameOf(operationId)}`,
    title: `${path.path} answers ${said(path, methods)}, without credentials`,
    provider: path.provider as Check['provider'],
    operation: operationId,
    level: 'PARITY',
    clause: 'openapi.yaml, x-surfaces and x-other-methods; RFC 9110 §15.5.6, §9.3.7, §10.2.1',
    evidence: path.provider === 'shortForm' ? 'convenience' : otherOf(path, methods[0] ?? '')['x-evidence'].class,
    risk,
    needs: needsOf(path.provider),
    run: async (session) => {
      for (const method of methods) await proveAnswered(session, path, operationId, method);
    },
  };
}

const otherOf = ({ otherMethods }: DeclaredPath, method: string) => otherMethods[method] as OtherMethod;

/** Methods that are answered alike are named together. */
function said(path: DeclaredPath, methods: string[]): string {
  const answerTo = (method: string) => {
    const { status, allow } = otherOf(path, method);
    return allow === undefined ? String(status) : `${status} and Allow`;
  };
  const answers = [...new Set(methods.map(answerTo))];
  const alike = (answer: string) => methods.filter((method) => answerTo(method) === answer).join(', ');
  return answers.map((answer) => `${alike(answer)} with ${answer}`).join('; ');
}

async function proveAnswered(session: Session, path: DeclaredPath, operationId: string, method: string): Promise<void> {
  // Without credentials and of nothing that is there: a target that takes the method for another one does no harm.
  const reply = await session.call(operationId, { method, params: NOWHERE });
  judgeOtherMethod(session.document, path, method, reply);
}

/** Throws a CheckFailure if the answer to a method that the path does not declare is not as the document has it. */
export function judgeOtherMethod(
  { judgeAnswer }: ContractDocument,
  path: DeclaredPath,
  method: string,
  reply: Reply,
): void {
  const { status, allow, response } = otherOf(path, method);
  expectStatus(reply, status);
  expectAllow(reply, allow);
  if (response === undefined) return;
  const violations = judgeAnswer(response, reply);
  if (violations.length > 0) throw new CheckFailure(`${method} ${path.path} -> ${status}: ${violations.join('; ')}`);
}

/** Compared as a set: its order says nothing. */
function expectAllow(reply: Reply, allow: OtherMethod['allow']): void {
  if (allow === undefined) {
    expectNoHeader(reply, 'Allow');
    return;
  }
  const listed = expectHeader(reply, 'Allow').split(',');
  expectEqual(reply, 'Allow', [...new Set(listed.map((item) => item.trim()))].sort(), [...allow].sort());
}
