/** What of openapi.yaml a request of an application asks for. */
import type { ContractDocument, DeclaredOperation, DeclaredPath } from '../document.ts';
import { placesOf } from '../session.ts';
import type { Target } from '../targets.ts';

/** `path` is as the document has it. */
export type Route =
  | { kind: 'operation'; path: DeclaredPath; operation: DeclaredOperation }
  | { kind: 'other method'; path: DeclaredPath }
  | { kind: 'unknown path'; provider: string }
  /** Of a host of the target, but of no API that the document describes. */
  | { kind: 'elsewhere' };

export type Router = (method: string, url: string) => Route;

export function createRouter(document: ContractDocument, target: Target): Router {
  // The longest URL first: an API may lie below another.
  const places = placesOf(target).sort(([, one], [, other]) => other.length - one.length);
  const patterns = document.paths.map((path) => ({ path, pattern: patternOf(path.path) }));
  // What is literal goes before what could be anything.
  patterns.sort((one, other) => parametersIn(one.path) - parametersIn(other.path));
  return (method, url) => {
    const [address = ''] = url.split(/[?#]/);
    const place = places.find(([, base]) => address === base || address.startsWith(`${base}/`));
    if (!place) return { kind: 'elsewhere' };
    const path = place[0] + address.slice(place[1].length);
    const found = patterns.find(({ pattern }) => pattern.test(path))?.path;
    if (!found) return { kind: 'unknown path', provider: providerOf(place[0]) };
    const wanted = found.operations.find((operation) => operation.method === (method === 'HEAD' ? 'GET' : method));
    return wanted ? { kind: 'operation', path: found, operation: wanted } : { kind: 'other method', path: found };
  };
}

const parametersIn = ({ path }: DeclaredPath) => path.split('{').length - 1;

const patternOf = (path: string) =>
  new RegExp(`^${path.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{\w+\}/g, '[^/]+')}$`);

const providerOf = (prefix: string) => {
  if (prefix === '') return 'shortForm';
  return prefix === '/oauth' || prefix.startsWith('/api') ? 'sipsim' : 'sipgate';
};
