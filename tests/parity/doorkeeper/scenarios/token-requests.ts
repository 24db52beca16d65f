/** The token endpoint: grant, client, scope, and where they stand. */
import { stories, table } from '../../tables.ts';
import { CLIENTS } from '../cast.ts';
import { basic, byClient, byHeader, credentials, freshToken, pair, token } from './questions.ts';

const { all, other, unlimited, noGrant, special } = CLIENTS;
const json = (value: unknown) => ({
  path: '/oauth/token',
  body: typeof value === 'string' ? value : JSON.stringify(value),
  headers: { 'content-type': 'application/json' },
});
const form = { grant_type: 'client_credentials', ...credentials(all), scope: 'account.read' };

export const tokenRequests = [
  table('token: grants', {
    good: byClient(),
    'no grant_type': byClient({ grant_type: undefined }),
    'empty grant_type': byClient({ grant_type: '' }),
    'blank grant_type': byClient({ grant_type: ' ' }),
    'unknown grant_type': byClient({ grant_type: 'nope' }),
    'grant_type in capitals': byClient({ grant_type: 'CLIENT_CREDENTIALS' }),
    password: byClient({ grant_type: 'password', username: 'a', password: 'b' }),
    refresh_token: byClient({ grant_type: 'refresh_token', refresh_token: 'x' }),
    'unknown grant_type before a wrong client': byClient({ grant_type: 'nope', client_secret: 'wrong' }),
    'no grant_type before a wrong client': byClient({ grant_type: undefined, client_id: 'nobody' }),
    'grant_type twice, the last right': { path: '/oauth/token', form: `grant_type=x&${new URLSearchParams(form)}` },
    'grant_type twice, the last wrong': { path: '/oauth/token', form: `${new URLSearchParams(form)}&grant_type=x` },
    'a parameter that nobody knows': byClient({ foo: 'bar' }),
    'nothing at all': { path: '/oauth/token', form: '' },
  }),
  table('token: clients', {
    'no client': token({ scope: 'account.read' }),
    'unknown client': byClient({ client_id: 'nobody' }),
    'wrong secret': byClient({ client_secret: 'wrong' }),
    'no secret': byClient({ client_secret: undefined }),
    'empty secret': byClient({ client_secret: '' }),
    'empty client': byClient({ client_id: '' }),
    'a client that may not use the grant': byClient({}, noGrant),
    'that client with an unknown scope': byClient({ scope: 'nope' }, noGrant),
    'that client with a wrong secret': byClient({ client_secret: 'wrong' }, noGrant),
    'a secret with + and %': byClient({}, special),
    Basic: byHeader(basic(all)),
    'Basic, wrong secret': byHeader(pair('all:wrong')),
    'Basic, unknown client': byHeader(pair('nobody:wrong')),
    'Basic, form-encoded': byHeader(
      pair(`${encodeURIComponent(special.clientId)}:${encodeURIComponent(special.clientSecret)}`),
    ),
    'Basic, a secret with + and % and a colon': byHeader(basic(special)),
    'basic in small letters': byHeader(basic(all).replace('Basic', 'basic')),
    'BASIC in capitals': byHeader(basic(all).replace('Basic', 'BASIC')),
    'Basic without padding': byHeader(basic(all).replace(/=+$/, '')),
    'Basic that is no Base64': byHeader('Basic ????'),
    'Basic without a colon': byHeader(pair('all')),
    'Basic with an empty id': byHeader(pair(':secret')),
    'Basic with nothing': byHeader('Basic '),
    'Basic and form, both right': token(
      { ...credentials(all), scope: 'account.read' },
      { headers: { authorization: basic(all) } },
    ),
    'Basic wrong, form right': token({ ...credentials(all) }, { headers: { authorization: pair('all:wrong') } }),
    'Basic right, form wrong': token(
      { client_id: 'x', client_secret: 'y' },
      { headers: { authorization: basic(all) } },
    ),
    'Basic unreadable, form right': token({ ...credentials(all) }, { headers: { authorization: 'Basic ????' } }),
    'Basic and form of two clients': token(credentials(other), { headers: { authorization: basic(all) } }),
    'another scheme, form right': token({ ...credentials(all) }, { headers: { authorization: 'Digest x' } }),
    'client_id in Basic, secret in the form': token(
      { client_secret: all.clientSecret },
      { headers: { authorization: pair('all:') } },
    ),
  }),
  table('token: scopes', {
    'two scopes': byClient({ scope: 'tags.read account.read' }),
    'the other order': byClient({ scope: 'account.read tags.read' }),
    'one twice': byClient({ scope: 'tags.read account.read tags.read' }),
    'spaces around': byClient({ scope: '  account.read   tags.read ' }),
    'no scope': byClient({ scope: undefined }),
    'empty scope': byClient({ scope: '' }),
    'blank scope': byClient({ scope: '  ' }),
    'unknown scope': byClient({ scope: 'nope' }),
    'one known, one unknown': byClient({ scope: 'account.read nope' }),
    'a scope of another client': byClient({ scope: 'calls.read' }, other),
    'in capitals': byClient({ scope: 'ACCOUNT.READ' }),
    'a part of one': byClient({ scope: 'account' }),
    'separated by a tab': byClient({ scope: 'account.read\ttags.read' }),
    'separated by a line feed': byClient({ scope: 'account.read\ntags.read' }),
    'separated by a comma': byClient({ scope: 'account.read,tags.read' }),
    'a quote': byClient({ scope: '"' }),
    'no scopes of its own: any': byClient({ scope: 'phones.read' }, unlimited),
    'no scopes of its own: unknown': byClient({ scope: 'nope' }, unlimited),
    'no scopes of its own: none asked': byClient({ scope: undefined }, unlimited),
  }),
  table('token: where parameters stand', {
    JSON: json(form),
    'JSON, wrong secret': json({ ...form, client_secret: 'wrong' }),
    'JSON, no grant_type': json({ ...form, grant_type: undefined }),
    'JSON with a charset': { ...json(form), headers: { 'content-type': 'application/json; charset=utf-8' } },
    'all in the query': { path: `/oauth/token?${new URLSearchParams(form)}`, form: '' },
    'credentials in the query': {
      path: `/oauth/token?${new URLSearchParams(credentials(all))}`,
      form: { grant_type: 'client_credentials' },
    },
    'query right, form wrong': { path: `/oauth/token?${new URLSearchParams(form)}`, form: { client_secret: 'wrong' } },
    'query wrong, form right': { path: '/oauth/token?client_secret=wrong', form },
    'text/plain': {
      path: '/oauth/token',
      body: String(new URLSearchParams(form)),
      headers: { 'content-type': 'text/plain' },
    },
    'no Content-Type': { path: '/oauth/token', body: String(new URLSearchParams(form)), headers: {} },
    'a form with a charset': {
      ...byClient(),
      headers: { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' },
    },
    'a closing slash': { ...byClient(), path: '/oauth/token/' },
  }),
  table('token: methods and paths', {
    GET: { path: `/oauth/token?${new URLSearchParams(form)}` },
    PUT: { ...byClient(), method: 'PUT' },
    DELETE: { path: '/oauth/token', method: 'DELETE' },
    'an unknown path': { path: '/oauth/nothing' },
  }),
  ...stories('token', {
    'earlier tokens stay': async (stage) => {
      const first = await freshToken(stage);
      await freshToken(stage);
      await stage.ask('the first, after a second', {
        path: '/api/v2/account',
        headers: { authorization: `Bearer ${first}` },
      });
    },
  }),
];
