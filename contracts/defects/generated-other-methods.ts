/** What a server can get wrong about methods that a path does not have, at each path. */
import type { Defect, WireAnswer, WireRequest } from '../broken-server.ts';
import { checks, ownDocument } from '../catalogue.ts';
import type { DeclaredPath } from '../document.ts';
import { nameOf } from '../generated/naming.ts';
import { pathPattern } from './path-pattern.ts';

const ids = new Set(checks.map(({ id }) => id));

/** The checks of a path's other methods, those that ask a method of which the test holds. */
function caughtAt({ provider, operations, otherMethods }: DeclaredPath, test: (method: string) => boolean): string[] {
  const name = nameOf(operations[0]?.operationId ?? '');
  const kindOf = (method: string) => (['GET', 'HEAD', 'OPTIONS', 'TRACE'].includes(method) ? 'safe' : 'unsafe');
  const kinds = new Set(Object.keys(otherMethods).filter(test).map(kindOf));
  return [...kinds].map((kind) => `${provider}.MTH-${kind}-${name}`).filter((id) => ids.has(id));
}

/** Does something to the answers to a path's other methods. */
const spoil = (path: DeclaredPath, change: (answer: WireAnswer) => void) => {
  const pattern = pathPattern(path.path);
  return (answer: WireAnswer, { method, path: asked }: WireRequest) => {
    if (method in path.otherMethods && pattern.test(asked)) change(answer);
  };
};

const anyMethod = () => true;

const defectsAt = (path: DeclaredPath): Defect[] => {
  const allows = (method: string) => path.otherMethods[method]?.allow !== undefined;
  const allowing = caughtAt(path, allows);
  const silent = caughtAt(path, (method) => !allows(method));
  return [
    {
      title: `a wrong method at ${path.path} is 405 where it is 404, and 404 where it is 405`,
      catches: caughtAt(path, anyMethod),
      answer: spoil(path, (answer) => {
        answer.status = answer.status === 404 ? 405 : 404;
      }),
    },
    {
      title: `Allow at ${path.path} lists a method that is refused`,
      catches: allowing,
      answer: spoil(path, ({ headers }) => {
        if (headers.allow !== undefined) headers.allow += ', TRACE';
      }),
    },
    {
      title: `Allow at ${path.path} misses a method`,
      catches: allowing,
      answer: spoil(path, ({ headers }) => {
        if (headers.allow !== undefined) headers.allow = headers.allow.split(', ').slice(1).join(', ');
      }),
    },
    {
      title: `${path.path} has an Allow where it has none`,
      catches: silent,
      answer: spoil(path, ({ headers }) => {
        headers.allow ??= 'GET';
      }),
    },
  ].filter(({ catches }) => catches.length > 0);
};

export const otherMethodDefects: Defect[] = ownDocument.paths.flatMap(defectsAt);
