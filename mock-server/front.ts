/** The front door: which world a request is for, and whether it is for the imitated APIs or for the fake itself. */
import type { RequestListener, ServerResponse } from 'node:http';
import { NamespaceRefused, type Namespaces } from './namespaces.ts';
import { originForm, type Proxied, placeOf } from './request.ts';
import type { World } from './world.ts';

export interface FrontOptions {
  /** The world without a name. */
  root: World;
  namespaces: Namespaces<World>;
  health: RequestListener;
  /** Answers under `/__admin`, for the world it is given; absent where the control API is off. */
  admin?: (world: World) => RequestListener;
  /** Asked of a target that is no path: false if it has answered. */
  proxy: (incoming: Proxied, response: ServerResponse) => boolean;
}

export function createFront(options: FrontOptions): RequestListener {
  const { root, namespaces, proxy } = options;
  return (incoming, response) => {
    if (!incoming.url?.startsWith('/')) {
      if (!proxy(incoming, response)) return;
      incoming.url = originForm(incoming.url ?? '/');
    }
    const name = namespaceOf(incoming, response);
    if (name === null) return;
    if (name === undefined) return route(root, incoming, response, options);
    let world: World | Promise<World>;
    try {
      world = namespaces.use(name);
    } catch (error) {
      return refuse(response, error);
    }
    if (!(world instanceof Promise)) return route(world, incoming, response, options);
    world.then(
      (made) => route(made, incoming, response, options),
      (error: unknown) => refuse(response, error),
    );
  };
}

const HEADER = 'x-sidetone-namespace';

/** Undefined where none is asked for; null where the request is answered already. */
function namespaceOf(incoming: Proxied, response: ServerResponse): string | undefined | null {
  const { url = '/' } = incoming;
  const header =
    placeOf(HEADER, incoming.rawHeaders) !== -1 ? (incoming.headers[HEADER] as string | undefined) : incoming.namespace;
  if (!url.startsWith('/~') || incoming.vendorHost) return header;
  const end = /[/?]/.exec(url.slice(2))?.index ?? url.length;
  const name = url.slice(2, 2 + end);
  if (header !== undefined && header !== name) {
    refuse(response, new NamespaceRefused(400, 'the path and X-Sidetone-Namespace name two namespaces'));
    return null;
  }
  const rest = url.slice(2 + end);
  incoming.url = rest.startsWith('/') ? rest : `/${rest}`;
  return name;
}

const PATH_END = new Set(['/', '?', undefined]);
const isAt = (path: string, url: string) => url.startsWith(path) && PATH_END.has(url[path.length]);

function route(world: World, incoming: Proxied, response: ServerResponse, options: FrontOptions): void {
  const { url = '/', method } = incoming;
  const own = incoming.vendorHost === undefined;
  const asked = own && isAt('/health', url) && (method === 'GET' || method === 'HEAD');
  const admin = own && isAt('/__admin', url) ? options.admin?.(world) : undefined;
  const answer = asked ? options.health : (admin ?? world.serve);
  answer(incoming, response);
}

/** No answer of an imitated API: that there is no such world is the fake's own affair. */
function refuse(response: ServerResponse, error: unknown): void {
  const { message } = error as Error;
  response.statusCode = error instanceof NamespaceRefused ? error.status : 500;
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ error: 'sidetone_namespace', error_description: message }));
}
