/**
 * undici's dispatchers for one process: what goes to the vendors' hosts goes to the mock, on its plain port and in
 * absolute form; all else goes where it would. No certificate is needed. undici itself is the user's, of any version
 * from 6 on, or Node's own: a dispatcher of one version is of no use to the fetch of another.
 */

/** The dispatcher that `fetch` takes as its option, as the types of the user's Node have it. */
export type FetchDispatcher = RequestInit extends { dispatcher?: infer Dispatcher } ? NonNullable<Dispatcher> : object;

export interface Redirection {
  /** Scheme and authority of the mock. */
  url: string;
  /** '' for none. */
  namespace: string;
  hosts: readonly string[];
}

interface DispatchOptions {
  origin?: string | URL | null;
  path: string;
  headers?: unknown;
}
type Dispatch = (options: DispatchOptions, handler: never) => boolean;
interface Composable {
  compose(interceptor: (dispatch: Dispatch) => Dispatch): unknown;
}

/** @param inner what sends; Node's own if absent. Throws a TypeError for what is no dispatcher. */
export function composeDispatcher<Inner extends object>(redirection: Redirection, inner: Inner): Inner {
  const { compose } = inner as Partial<Composable>;
  if (typeof compose !== 'function') throw new TypeError('the dispatcher must be one of undici 6 or newer');
  return (inner as unknown as Composable).compose((dispatch) => redirected(dispatch, redirection)) as Inner;
}

function redirected(dispatch: Dispatch, { url, namespace, hosts }: Redirection): Dispatch {
  return (options, handler) => {
    const origin = String(options.origin ?? '').replace(/\/$/, '');
    // Whatever the scheme and port: what the mock refuses must not get to the vendor instead.
    if (!URL.canParse(origin) || !hosts.includes(new URL(origin).hostname)) return dispatch(options, handler);
    const headers = namespace === '' ? options.headers : withNamespace(options.headers, namespace);
    return dispatch({ ...options, origin: url, path: origin + options.path, headers }, handler);
  };
}

/** undici takes them as names and values by turns, as pairs, or as an object. */
function withNamespace(headers: unknown, namespace: string): unknown {
  const name = 'x-sidetone-namespace';
  if (Array.isArray(headers))
    return [...headers, ...(Array.isArray(headers[0]) ? [[name, namespace]] : [name, namespace])];
  if (typeof headers === 'object' && headers !== null && Symbol.iterator in headers) {
    return { ...Object.fromEntries(headers as Iterable<[string, string]>), [name]: namespace };
  }
  return { ...(headers as object | undefined), [name]: namespace };
}

/** That of the `fetch` that Node comes with. It is made when fetch is first looked at. */
export function nodeDispatcher(): object {
  void globalThis.Request;
  const found = (globalThis as Record<symbol, unknown>)[Symbol.for('undici.globalDispatcher.1')];
  if (typeof found === 'object' && found !== null) return found;
  throw new TypeError('this Node has no dispatcher of its own; give one of undici');
}
