/** Which path of the document a request's path is: asked of a tree, so that a hundred paths cost no more than ten. */
import type { ApiDocument, OperationObject } from './document.ts';

export interface Route {
  /** Key of `paths` in the document. */
  template: string;
  /** Decoded. */
  params: Record<string, string>;
}

/** `malformed`: the path has a percent sign where a parameter is that is not followed by two hexadecimal digits. */
export type Routes = (path: string) => Route | 'malformed' | undefined;

interface Branch {
  /** Path that ends here. */
  template?: string;
  names?: string[];
  fixed: Map<string, Branch>;
  any?: Branch;
}

const branch = (): Branch => ({ fixed: new Map() });

/** Throws for a path whose parameter is not a whole segment. */
export function createRoutes({ paths }: Pick<ApiDocument, 'paths'>): Routes {
  const root = branch();
  for (const template of Object.keys(paths)) plant(template, root);
  return (path) => {
    // One closing slash is none: whether the path may have it is for others to say.
    const end = path.length > 1 && path.endsWith('/') ? path.length - 1 : path.length;
    const values: string[] = [];
    const leaf = climb(root, path.slice(1, end).split('/'), 0, values);
    if (leaf?.template === undefined) return undefined;
    const params = decoded(leaf.names ?? [], values);
    return params ? { template: leaf.template, params } : 'malformed';
  };
}

/** Undefined for what is no operation; HEAD is GET. */
export type FindOperation = (method: string, path: string) => OperationObject | undefined;

export function createOperationFinder(document: Pick<ApiDocument, 'paths'>): FindOperation {
  const routes = createRoutes(document);
  return (method, path) => {
    const route = routes(path);
    if (typeof route !== 'object') return undefined;
    const wanted = method === 'HEAD' ? 'get' : method.toLowerCase();
    return document.paths[route.template]?.[wanted] as OperationObject | undefined;
  };
}

function plant(template: string, root: Branch): void {
  let at = root;
  const names: string[] = [];
  for (const segment of template.slice(1).split('/')) {
    const name = /^\{([^{}]+)\}$/.exec(segment)?.[1];
    if (name === undefined && /[{}]/.test(segment)) {
      throw new Error(`the path "${template}" has a parameter that is not a whole segment`);
    }
    let next = name === undefined ? at.fixed.get(segment) : at.any;
    next ??= branch();
    if (name === undefined) at.fixed.set(segment, next);
    else {
      at.any = next;
      names.push(name);
    }
    at = next;
  }
  at.template = template;
  at.names = names;
}

/** What is fixed wins over a parameter (OpenAPI 3.1 §4.8.8.2). */
function climb(at: Branch, segments: string[], index: number, values: string[]): Branch | undefined {
  if (index === segments.length) return at.template === undefined ? undefined : at;
  const segment = segments[index] as string;
  const fixed = at.fixed.get(segment);
  const found = fixed && climb(fixed, segments, index + 1, values);
  if (found || !at.any || segment === '') return found;
  values.push(segment);
  const under = climb(at.any, segments, index + 1, values);
  if (!under) values.pop();
  return under;
}

function decoded(names: string[], values: string[]): Record<string, string> | undefined {
  try {
    return Object.fromEntries(names.map((name, index) => [name, decodeURIComponent(values[index] ?? '')]));
  } catch {
    return undefined;
  }
}
