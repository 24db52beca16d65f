/** Keycloak's admin REST API, as far as making realms needs it. */

export interface Admin {
  get<T>(path: string): Promise<T>;
  post(path: string, body: object): Promise<void>;
  put(path: string, body?: object): Promise<void>;
  remove(path: string): Promise<void>;
}

/** @param origin of a server whose own paths begin with /auth. */
export async function signIn(origin: string, username: string, password: string): Promise<Admin> {
  let token = { value: '', until: 0 };
  const authorization = async () => {
    if (token.until < Date.now())
      token = { value: await accessToken(origin, username, password), until: Date.now() + 30_000 };
    return `Bearer ${token.value}`;
  };
  const ask = async (method: string, path: string, body?: object) => {
    const answer = await fetch(`${origin}/auth/admin/realms${path}`, {
      method,
      headers: { authorization: await authorization(), 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  };
  const finish = async (answer: Promise<Response>) => void (await (await answer).arrayBuffer());
  await authorization();
  return {
    get: async <T>(path: string) => (await (await ask('GET', path)).json()) as T,
    post: (path, body) => finish(ask('POST', path, body)),
    put: (path, body) => finish(ask('PUT', path, body)),
    remove: (path) => finish(ask('DELETE', path)),
  };
}

async function accessToken(origin: string, username: string, password: string): Promise<string> {
  const answer = await fetch(`${origin}/auth/realms/master/protocol/openid-connect/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'password', client_id: 'admin-cli', username, password }),
  });
  const { access_token: token } = (await answer.json()) as { access_token?: string };
  if (token === undefined) throw new Error(`the administrator cannot sign in: ${answer.status}`);
  return token;
}
