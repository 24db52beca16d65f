/** Each operation with scopes × each kind of token: what opens it and what does not, read from `security`. */
import type { Check, Evidence } from '../check.ts';
import type { DeclaredOperation } from '../document.ts';
import { expectThat } from '../expect.ts';
import { bearer, type Session } from '../session.ts';
import { expectDeclared } from './declared-answer.ts';
import { harmlessRequest, statusIfOpen } from './harmless-request.ts';
import { nameOf, needsOf } from './naming.ts';
import { type Scheme, schemesOf } from './schemes.ts';

/** A kind of token at an operation. */
interface Kind {
  suffix: string;
  title(scopes: string[]): string;
  level: Check['level'];
  clause: string;
  /** Whether there is such a token for a scheme; all if absent. */
  applies?(scheme: Scheme): boolean;
  risk?: Check['risk'];
  prove(session: Session, operation: DeclaredOperation, scheme: Scheme): Promise<void>;
}

const OF_DOCUMENT = "openapi.yaml, security; the vendors' lists of scopes mean OR";

const KINDS: Kind[] = [
  {
    suffix: 'alone',
    title: (scopes) => `opens to a token with ${scopes.join(' alone, or ')} alone`,
    level: 'PARITY',
    clause: OF_DOCUMENT,
    prove: async (session, operation, scheme) => {
      for (const scope of exactOf(operation, scheme)) await proveOpens(session, operation, scheme, scope);
    },
  },
  {
    suffix: 'super',
    title: () => 'opens to a token with the scope for everything alone',
    level: 'PARITY',
    clause: OF_DOCUMENT,
    applies: ({ superScope }) => superScope !== undefined,
    prove: (session, operation, scheme) => proveOpens(session, operation, scheme, scheme.superScope ?? ''),
  },
  {
    suffix: 'without',
    title: (scopes) => `is 403 to tokens with every other scope than ${scopes.join(' and ')}`,
    level: 'SHOULD',
    clause: 'RFC 6750 §3.1',
    prove: proveShutToOthers,
  },
  {
    suffix: 'none',
    title: () => 'is 403 to a token without any scope, not 401',
    level: 'SHOULD',
    clause: 'RFC 6750 §3.1',
    applies: ({ dealsWithoutScope }) => dealsWithoutScope,
    prove: (session, operation, scheme) => proveShut(session, operation, scheme, []),
  },
  {
    suffix: 'none',
    title: () => 'is 403 to a token without any scope, which only the fake can make',
    level: 'SHOULD',
    clause: 'RFC 6750 §3.1',
    applies: ({ dealsWithoutScope, makeWithoutScope }) => !dealsWithoutScope && makeWithoutScope !== undefined,
    risk: 'mock-only',
    prove: (session, operation, scheme) => proveShut(session, operation, scheme, []),
  },
];

/** Up to four checks for each operation that asks for a scope. */
export function scopeMatrixChecks(operations: DeclaredOperation[]): Check[] {
  return operations.flatMap((operation) => {
    const schemes = schemesOf(operation);
    return KINDS.flatMap((kind) => {
      const own = schemes.filter((scheme) => kind.applies?.(scheme) ?? true);
      // Where several schemes open an operation, what only the fake can make is asked of the others' tokens already.
      const asked = kind.risk === 'mock-only' && own.length < schemes.length ? [] : own;
      return asked.length > 0 ? [checkOf(operation, kind, asked)] : [];
    });
  });
}

function checkOf(operation: DeclaredOperation, kind: Kind, schemes: Scheme[]): Check {
  const { operationId, provider, method, path } = operation;
  const scopes = schemes.flatMap((scheme) => exactOf(operation, scheme));
  return {
    id: `${provider}.SCP-${kind.suffix}-${nameOf(operationId)}`,
    title: `${method} ${path} ${kind.title(scopes)}`,
    provider: provider as Check['provider'],
    operation: operationId,
    level: kind.level,
    clause: kind.clause,
    evidence: evidenceOf(operation, kind),
    // Where the target is wrong, it would do what it is asked: of nothing that is there.
    risk: kind.risk ?? (method === 'GET' ? 'read' : 'write'),
    needs: [...needsOf(provider, ...schemes.map(({ need }) => need)), ...(kind.risk ? (['control'] as const) : [])],
    run: async (session) => {
      for (const scheme of schemes) await kind.prove(session, operation, scheme);
    },
  };
}

/** That a scope opens an operation is documented; how a refusal looks is known as its answer is. */
function evidenceOf({ provider, responses }: DeclaredOperation, { level }: Kind): Evidence {
  if (provider === 'shortForm') return 'convenience';
  return level === 'SHOULD' ? (responses['403']?.['x-evidence']?.class ?? 'assumed') : 'documented';
}

/** The scopes that open it, but for the one for everything. */
const exactOf = (operation: DeclaredOperation, scheme: Scheme) =>
  scheme.opening(operation).filter((scope) => scope !== scheme.superScope);

async function askWith(
  session: Session,
  operation: DeclaredOperation,
  { mint, makeWithoutScope }: Scheme,
  scopes: string[],
) {
  const make = scopes.length === 0 ? (makeWithoutScope ?? mint) : mint;
  const authorization = bearer(await make(session, ...scopes));
  return session.call(operation.operationId, { ...harmlessRequest(session, operation), authorization });
}

async function proveOpens(session: Session, operation: DeclaredOperation, scheme: Scheme, scope: string) {
  const reply = await askWith(session, operation, scheme, [scope]);
  expectDeclared(session, operation.operationId, reply, statusIfOpen(operation), `a token with ${scope} alone`);
}

async function proveShut(session: Session, operation: DeclaredOperation, scheme: Scheme, scopes: string[]) {
  const reply = await askWith(session, operation, scheme, scopes);
  const what = scopes.length === 0 ? 'a token without any scope' : `a token with ${scopes.join(' ')} alone`;
  expectDeclared(session, operation.operationId, reply, 403, what);
}

/**
 * Each scope of the same family is asked alone, all the rest together: who refuses a token with all of them refuses each
 * (unless more scopes make it mean less). If the rest opens it, halves of it are asked until the scopes are found.
 */
async function proveShutToOthers(session: Session, operation: DeclaredOperation, scheme: Scheme): Promise<void> {
  const opening = scheme.opening(operation);
  const others = scheme.grantable(session).filter((scope) => !opening.includes(scope));
  const families = new Set(exactOf(operation, scheme).map(familyOf));
  for (const scope of others.filter((scope) => families.has(familyOf(scope)))) {
    await proveShut(session, operation, scheme, [scope]);
  }
  const rest = others.filter((scope) => !families.has(familyOf(scope)));
  const reply = await askWith(session, operation, scheme, rest);
  const culprits = reply.status === 403 ? [] : await culpritsOf(session, operation, scheme, rest);
  expectThat(culprits.length === 0, reply, `expected status 403; it opens to: ${culprits.join(', ')}`);
  expectDeclared(session, operation.operationId, reply, 403, 'a token with every other scope');
}

/** `account:read` and `account:write` are of one family. */
const familyOf = (scope: string) => /^[^:.]+/.exec(scope)?.[0];

/** The scopes of a token that is let in, alone or together, that let it in. */
async function culpritsOf(
  session: Session,
  operation: DeclaredOperation,
  scheme: Scheme,
  scopes: string[],
): Promise<string[]> {
  if (scopes.length <= 1) return scopes;
  const middle = Math.ceil(scopes.length / 2);
  const found: string[] = [];
  for (const half of [scopes.slice(0, middle), scopes.slice(middle)]) {
    const reply = await askWith(session, operation, scheme, half);
    // One is enough to name: a server that lets everybody in would be asked for each.
    if (reply.status !== 403 && found.length === 0) found.push(...(await culpritsOf(session, operation, scheme, half)));
  }
  return found.length > 0 ? found : scopes;
}
