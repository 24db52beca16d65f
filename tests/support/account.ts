/** What there is at the accounts of a fake, as its owner would look. */
import type { Mock } from '../../mock-server/index.ts';
import { accessTokenOf, bearer, clientToken, demoPat } from './ask.ts';

export interface AccountItems {
  clients: string[];
  tags: string[];
  webhooks: string[];
}

export async function itemsOf(mock: Mock): Promise<AccountItems> {
  const { clientId = '', clientSecret = '' } = mock.credentials.sipsim;
  const scope = 'tags.read webhooks.read';
  const token = bearer(await accessTokenOf(await clientToken(mock.sipsim.tokenUrl, clientId, clientSecret, scope)));
  const list = async (url: string, authorization: string) => {
    const answer = await fetch(url, { headers: { authorization } });
    if (answer.status !== 200) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
    return ((await answer.json()) as { data: Record<string, unknown>[] }).data;
  };
  const clients = await list(`${mock.sipgate.baseUrl}/authorization/oauth2/clients`, demoPat(mock));
  const tags = await list(`${mock.sipsim.baseUrl}/tags`, token);
  const webhooks = await list(`${mock.sipsim.baseUrl}/webhooks`, token);
  return {
    clients: clients.map(({ clientId: id }) => String(id)).sort(),
    tags: tags.map(({ name }) => String(name)).sort(),
    webhooks: webhooks.map(({ event }) => String(event)).sort(),
  };
}
