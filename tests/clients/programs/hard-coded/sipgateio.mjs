import { sipgateIO } from 'sipgateio';

const client = sipgateIO({ tokenId: 'token-FQ1V12', token: 'e68ead46-a7db-46cd-8a1a-44aed1e4e372' });
const { company } = await client.get('/account');
const [user] = await client.getWebUsers();
const body = {
  name: 'A',
  description: 'B',
  redirectUris: ['https://a.example/*'],
  webOrigins: [],
  privacyUrl: '',
  termsUrl: '',
};
const made = await client.post('/authorization/oauth2/clients', body);
const path = `/authorization/oauth2/clients/${encodeURIComponent(made.clientId)}`;
const changed = await client.put(path, { ...body, name: 'C' });
await client.delete(path);
const gone = await client.get(path).catch(({ response }) => response.status);
console.log(
  JSON.stringify({
    company,
    webuser: await client.getAuthenticatedWebuserId(),
    user: user.id,
    balance: typeof (await client.get('/balance')).amount,
    names: [made.name, changed.name],
    gone,
  }),
);
const stranger = sipgateIO({ tokenId: 'token-FQ1V12', token: '00000000-0000-4000-8000-000000000000' });
await stranger.getAuthenticatedWebuserId().catch(({ message }) => console.log(message));
