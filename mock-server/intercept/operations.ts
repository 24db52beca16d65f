/** Which operation of openapi.yaml a request to a vendor's host asks for. */
import { loadDocument, type OperationObject } from '../document.ts';

/** @param path without the query. Undefined for what is no operation. */
export type FindOperation = (method: string, path: string) => OperationObject | undefined;

export function createOperationFinder(): FindOperation {
  const paths = Object.entries(loadDocument().paths).map(([template, item]) => ({
    pattern: new RegExp(`^${template.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`),
    fixed: template.replace(/\{\w+\}/g, '').length,
    item,
  }));
  // Of two that match, the one with more of its own words: `/tags/x` before `/tags/{id}`.
  paths.sort((one, other) => other.fixed - one.fixed);
  return (method, path) => {
    const wanted = method === 'HEAD' ? 'get' : method.toLowerCase();
    const found = paths.find(({ pattern, item }) => pattern.test(path) && item[wanted] !== undefined);
    return found?.item[wanted] as OperationObject | undefined;
  };
}
