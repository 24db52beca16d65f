/** Each operation that `security` in openapi.yaml protects refuses whoever has no good credential. Read from the document. */
import type { Check, Need } from './check.ts';
import type { DeclaredOperation } from './document.ts';
import { expectStatus } from './expect.ts';
import { basic, bearer, type CallOptions, NOWHERE, type Session } from './session.ts';

const NOBODY = 'sidetone-no-such-client';

/** What is sent instead of a good credential. */
const STRANGERS: {
  suffix: string;
  what: string;
  clause: string;
  authorization: (random: () => string) => CallOptions['authorization'];
}[] = [
  { suffix: 'none', what: 'no credentials', clause: 'RFC 9110 §15.5.2', authorization: () => undefined },
  {
    suffix: 'bearer',
    what: 'a random bearer token',
    clause: 'RFC 6750 §3.1',
    authorization: (random) => bearer(random()),
  },
  {
    suffix: 'basic',
    what: 'a made-up personal access token',
    clause: 'RFC 7617 §2',
    authorization: (random) => basic({ id: 'token-XXXXXX', secret: random() }),
  },
];

/** Three checks for each protected operation. */
export function securityChecks(operations: DeclaredOperation[]): Check[] {
  const secured = operations.filter(({ security }) => security.length > 0);
  return secured.flatMap((operation) =>
    STRANGERS.map(({ suffix, what, clause, authorization }) => ({
      id: `${operation.provider}.SEC-${suffix}-${operation.operationId.slice(operation.operationId.indexOf('.') + 1)}`,
      title: `${operation.method} ${operation.path} answers ${what} with 401`,
      provider: operation.provider as Check['provider'],
      operation: operation.operationId,
      level: 'MUST',
      clause,
      evidence: operation.provider === 'shortForm' ? 'convenience' : 'documented',
      // Where the target is wrong, it would do what it is asked.
      risk: operation.method === 'GET' ? 'read' : 'write',
      needs: operation.provider === 'shortForm' ? (['shortForm'] as Need[]) : [],
      run: (session: Session) =>
        proveRefused(
          session,
          operation,
          authorization(() => session.random(`${suffix} ${operation.operationId}`)),
        ),
    })),
  );
}

/** With a body that would be taken, so that nothing but the credential is wrong. */
async function proveRefused(
  session: Session,
  { operationId, method }: DeclaredOperation,
  authorization: CallOptions['authorization'],
): Promise<void> {
  const input = { name: 'sidetone-stranger', description: '', redirectUris: [], webOrigins: [] };
  const reply = await session.call(operationId, {
    // A change is asked of a client that is not there: a target that lets strangers in shall lose nothing by it.
    params: { ...NOWHERE, clientId: method === 'GET' ? (session.target.sipgate?.client?.id ?? NOBODY) : NOBODY },
    ...(authorization !== undefined && { authorization }),
    ...(['POST', 'PUT', 'PATCH'].includes(method) && { json: input }),
  });
  expectStatus(reply, 401);
}
