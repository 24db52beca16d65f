/** Exactly one declared status, in the form that openapi.yaml has for it. */
import type { Reply } from '../client.ts';
import { expectThat } from '../expect.ts';
import type { Session } from '../session.ts';

/** @param what was asked, for the failure: `a token with account:write alone`. */
export function expectDeclared(
  session: Session,
  operationId: string,
  reply: Reply,
  status: number,
  what: string,
): void {
  expectThat(reply.status === status, reply, `expected status ${status} for ${what}`);
  const violations = session.document.judge(operationId, reply);
  expectThat(violations.length === 0, reply, `for ${what}, as openapi.yaml has it: ${violations.join('; ')}`);
}
