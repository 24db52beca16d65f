/** Asks the control API: for the world that is steered, or another. The admin token is kept until the tab is closed. */

const KEPT = 'sidetone-admin-token';
const [, ROOT, OWN = ''] = /^(.*?)(?:\/~([^/]+))?\/__admin\/.*$/.exec(location.pathname) ?? ['', ''];

/** An answer that is none of 2xx. */
export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** @param {() => Promise<void>} admit asks the person for the token */
export function createApi(admit) {
  const api = {
    /** '' for the world without a name. */
    world: OWN,
    own: OWN,
    /** Address of a world: the imitated APIs stand below it. */
    prefix: (world = api.world) => ROOT + (world === '' ? '' : `/~${world}`),
    token: (value) => {
      if (value === undefined) return sessionStorage.getItem(KEPT);
      sessionStorage.setItem(KEPT, value);
      return value;
    },
    /** A response whatever its status, but for a 401: then the person is asked, and it is tried again. */
    fetch: async (method, path, { body, world, signal } = {}) => {
      for (;;) {
        const token = api.token();
        const headers = {
          ...(token && { authorization: `Bearer ${token}` }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
        };
        const answer = await fetch(`${api.prefix(world)}/__admin${path}`, {
          ...{ method, headers, signal, cache: 'no-store', credentials: 'omit' },
          ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
        });
        if (answer.status !== 401) return answer;
        await admit(token !== null);
      }
    },
    /** The answer's JSON; undefined where it is empty. Throws Refused. */
    ask: async (method, path, body, options = {}) => {
      const answer = await api.fetch(method, path, { ...options, body });
      const text = await answer.text();
      if (!answer.ok) throw new Refused(answer.status, messageOf(text) ?? `the answer is ${answer.status}`);
      return text === '' ? undefined : JSON.parse(text);
    },
  };
  let document;
  /** openapi.yaml as JSON, asked for once. */
  api.document = () => {
    document ??= api.ask('GET', '/apis.json');
    document.catch(() => {
      document = undefined;
    });
    return document;
  };
  return api;
}

function messageOf(text) {
  try {
    return JSON.parse(text).error;
  } catch {
    return undefined;
  }
}
