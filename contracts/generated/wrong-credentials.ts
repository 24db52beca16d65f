/** Each protected operation × each good credential that is of another kind than it asks for: 401. */
import type { Check, Need } from '../check.ts';
import type { DeclaredOperation } from '../document.ts';
import { basic, bearer, required, type Session } from '../session.ts';
import { expectDeclared } from './declared-answer.ts';
import { harmlessRequest } from './harmless-request.ts';
import { nameOf, needsOf } from './naming.ts';

interface Stranger {
  what: string;
  need: Need;
  /** Security schemes that take it. */
  schemes: string[];
  authorization(session: Session): Promise<string>;
}

const STRANGERS: Stranger[] = [
  {
    what: 'a sipgate access token with every right',
    need: 'sipgate.client',
    schemes: ['sipgateOAuth'],
    authorization: async (session) => bearer(await session.sipgateToken('all')),
  },
  {
    what: 'a SIPSIM access token',
    need: 'sipsim.client',
    schemes: ['sipsimOAuth'],
    authorization: async (session) => bearer(await session.sipsimToken(...(session.document.scopes.sipsimOAuth ?? []))),
  },
  {
    what: 'a personal access token by Basic',
    need: 'sipgate.pat',
    schemes: ['sipgatePat'],
    authorization: async ({ target }) => basic(required(target.sipgate?.pat)),
  },
  {
    what: 'id and secret of an OAuth client by Basic',
    need: 'sipgate.client',
    schemes: [],
    authorization: async ({ target }) => basic(required(target.sipgate?.client)),
  },
  {
    what: 'id and secret of an integration by Basic',
    need: 'sipsim.client',
    schemes: [],
    authorization: async ({ target }) => basic(required(target.sipsim?.client)),
  },
];

/** One check for each operation with `security`. */
export function wrongCredentialChecks(operations: DeclaredOperation[]): Check[] {
  return operations.filter(({ security }) => security.length > 0).map(checkOf);
}

function checkOf(operation: DeclaredOperation): Check {
  const { operationId, provider, method, path } = operation;
  const strangers = strangersTo(operation);
  return {
    id: `${provider}.SCP-kind-${nameOf(operationId)}`,
    title: `${method} ${path} answers ${strangers.map(({ what }) => what).join(', ')} with 401`,
    provider: provider as Check['provider'],
    operation: operationId,
    level: 'MUST',
    clause: 'RFC 9110 §11.6.2, §15.5.2; RFC 6750 §3.1',
    evidence: provider === 'shortForm' ? 'convenience' : 'assumed',
    risk: method === 'GET' ? 'read' : 'write',
    needs: [...new Set(needsOf(provider, ...strangers.map(({ need }) => need)))],
    run: async (session) => {
      for (const { what, authorization } of strangers) {
        const options = { ...harmlessRequest(session, operation), authorization: await authorization(session) };
        expectDeclared(session, operationId, await session.call(operationId, options), 401, what);
      }
    },
  };
}

function strangersTo({ security }: DeclaredOperation): Stranger[] {
  const taken = new Set(security.flatMap((alternative) => Object.keys(alternative)));
  return STRANGERS.filter(({ schemes }) => !schemes.some((scheme) => taken.has(scheme)));
}
