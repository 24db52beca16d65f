/** What a seed can hold back from a login: a client, its flow, a user. */
import { expect, test } from 'vitest';
import { startMock } from '../../mock-server/index.ts';
import { defaultSipgateSeed } from '../../mock-server/sipgate/seed.ts';
import { authorizeUrl, callbackOf, demoUser } from './flow.ts';
import { createVisitor } from './visitor.ts';

const { clients, users } = defaultSipgateSeed;
const startWith = (sipgate: object) => startMock({ seed: { sipgate } });

test('a client that is disabled: its logins end on a page', async () => {
  await using mock = await startWith({ clients: clients.map((client) => ({ ...client, enabled: false })) });
  const url = authorizeUrl(mock, { client_id: clients[0]?.clientId, redirect_uri: 'https://evil.example/' });
  const page = await createVisitor().open(url);
  expect(page.status).toBe(400);
  expect(page.html).toContain('Client disabled.');
});

test('a client without the flow is told so, after a bad response_type and before a bad scope', async () => {
  await using mock = await startWith({ clients: clients.map((client) => ({ ...client, standardFlow: false })) });
  const toldFor = async (change: Record<string, string>) =>
    callbackOf(await createVisitor().open(authorizeUrl(mock, change)));
  const noFlow = {
    error: 'unauthorized_client',
    error_description:
      'Client is not allowed to initiate browser login with given response_type. Standard flow is disabled for the client.',
  };
  expect(await toldFor({})).toMatchObject(noFlow);
  expect(await toldFor({ scope: 'zzz' })).toMatchObject(noFlow);
  expect(await toldFor({ response_type: 'x' })).toMatchObject({ error: 'unsupported_response_type' });
});

test('a user who is disabled is told so by the right password alone', async () => {
  await using mock = await startWith({ users: users.map((user) => ({ ...user, enabled: false })) });
  const visitor = createVisitor();
  const page = await visitor.open(authorizeUrl(mock));
  const wrong = await visitor.submit(page, { ...demoUser(mock), password: 'wrong' });
  expect(wrong.html).toContain('Invalid username or password.');
  const right = await visitor.submit(wrong, demoUser(mock));
  expect(right.status).toBe(200);
  expect(right.html).toContain('Account is disabled, contact your administrator.');
});
