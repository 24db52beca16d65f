/** What a server can get wrong about scopes and kinds of credentials, at each protected operation. */
import type { Defect, WireAnswer, WireRequest } from '../broken-server.ts';
import { checks, ownDocument } from '../catalogue.ts';
import type { DeclaredOperation } from '../document.ts';
import { statusIfOpen } from '../generated/harmless-request.ts';
import { nameOf } from '../generated/naming.ts';
import { pathPattern } from './path-pattern.ts';
import { authorizationOf, jwtOf } from './sipgate-wire.ts';

const ids = new Set(checks.map(({ id }) => id));

/** How many scopes the request's token has; undefined where there is no token that says so. */
function scopesOf(request: WireRequest): string[] | undefined {
  const { scope } = jwtOf(request).claims;
  return typeof scope === 'string' ? scope.split(' ').filter(Boolean) : undefined;
}

function defectsAt(operation: DeclaredOperation): Defect[] {
  const { operationId, provider, method, path } = operation;
  const pattern = pathPattern(path);
  const own = (kinds: string[]) =>
    kinds.map((kind) => `${provider}.SCP-${kind}-${nameOf(operationId)}`).filter((id) => ids.has(id));
  const spoil =
    (change: (answer: WireAnswer, request: WireRequest) => void): Defect['answer'] =>
    (answer, request) => {
      if (request.method === method && pattern.test(request.path)) change(answer, request);
    };
  const restatus = (from: number, to: number, when: (request: WireRequest) => boolean = () => true) =>
    spoil((answer, request) => {
      if (answer.status === from && when(request)) answer.status = to;
    });
  const open = statusIfOpen(operation);
  return [
    {
      title: `${operationId} opens to any scope`,
      catches: own(['without', 'none', 'pat']),
      answer: restatus(403, open),
    },
    {
      title: `${operationId} opens to tokens with many scopes`,
      catches: own(['without']),
      answer: restatus(403, open, (request) => (scopesOf(request)?.length ?? 0) > 1),
    },
    {
      title: `${operationId} opens to no scope`,
      catches: own(['alone', 'super', 'pat']),
      answer: restatus(open, 403),
    },
    {
      title: `${operationId} takes a token without its scope for none: 401`,
      catches: own(['none']),
      answer: restatus(403, 401),
    },
    {
      title: `${operationId} refuses in HTML`,
      catches: own(['kind']),
      answer: spoil((answer) => {
        if (answer.status !== 403 && answer.status !== 401) return;
        answer.headers['content-type'] = 'text/html';
        answer.body = '<h1>No</h1>';
      }),
    },
    {
      title: `${operationId} opens to good credentials of any kind`,
      catches: own(['kind']),
      answer: restatus(401, open, (request) => authorizationOf(request) !== ''),
    },
  ].filter(({ catches }) => catches.length > 0);
}

const secured = [...ownDocument.operations.values()].filter(({ security }) => security.length > 0);

export const generatedScopeDefects: Defect[] = secured.flatMap(defectsAt);
