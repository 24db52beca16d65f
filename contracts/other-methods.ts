/** What openapi.yaml says of methods that a path does not declare: `x-surfaces`, and `x-other-methods` of the path. */
import type { Evidence } from './check.ts';
import type { DeclaredResponse } from './document.ts';

/** How a method that a path does not declare is answered. */
export interface OtherMethod {
  status: number;
  /** The methods that `Allow` lists, `path` for those of the path; absent where there is no such header. */
  allow?: 'path' | string[];
  /** Headers and body; absent where there is no body. */
  response?: DeclaredResponse;
  'x-evidence': { class: Evidence; source: string };
}

/** Answers that belong to no operation, under a path prefix. */
export interface Surface {
  prefix: string;
  wrongMethod: OtherMethod;
  options: OtherMethod;
}

const KNOWN = ['GET', 'HEAD', 'OPTIONS', 'TRACE', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** @param own The path's `x-other-methods`, references resolved. */
export function otherMethodsOf(
  path: string,
  declared: string[],
  surfaces: Surface[],
  own: Record<string, OtherMethod>,
): Record<string, OtherMethod> {
  const methods = declared.map((method) => method.toUpperCase());
  // HEAD comes with GET (RFC 9110 §9.3.2).
  const had = methods.includes('GET') ? [...methods, 'HEAD'] : methods;
  const surface = surfaceOf(path, surfaces);
  const others = KNOWN.filter((method) => !had.includes(method)).flatMap((method) => {
    const answer = own[method] ?? (method === 'OPTIONS' ? surface?.options : surface?.wrongMethod);
    return answer ? [[method, answer.allow === 'path' ? { ...answer, allow: [...had, 'OPTIONS'] } : answer]] : [];
  });
  return Object.fromEntries(others);
}

/** The longest prefix wins. */
function surfaceOf(path: string, surfaces: Surface[]): Surface | undefined {
  const fitting = surfaces.filter(({ prefix }) => prefix === '/' || path === prefix || path.startsWith(`${prefix}/`));
  return fitting.sort((one, other) => other.prefix.length - one.prefix.length)[0];
}
