/** The resource server: where a token may stand, what it opens, how it is refused. */
import { stories, table } from '../../tables.ts';
import { CLIENTS } from '../cast.ts';
import { account, credentials, freshToken, info, introspect, revoke } from './questions.ts';

const { all } = CLIENTS;

export const resources = [
  table('resource: without a good token', {
    'no credentials': account(),
    garbage: account('garbage'),
    'a JWT of nobody': account('eyJhbGciOiJub25lIn0.e30.'),
    'Bearer with nothing': account(undefined, { headers: { authorization: 'Bearer ' } }),
    'Bearer alone': account(undefined, { headers: { authorization: 'Bearer' } }),
    Basic: account(undefined, { headers: { authorization: 'Basic YWxsOnNlY3JldC1vZi1hbGw=' } }),
    'in the query, garbage': { path: '/api/v2/account?access_token=garbage' },
    'an unknown path': { path: '/api/v2/nothing' },
    'a wrong method': { path: '/api/v2/account', method: 'DELETE' },
    'a method nobody has': { path: '/api/v2/account', method: 'PATCH' },
  }),
  ...stories('resource', {
    'places of a token': async (stage) => {
      const good = await freshToken(stage);
      await stage.ask('header', account(good));
      await stage.ask('small letters', account(undefined, { headers: { authorization: `bearer ${good}` } }));
      await stage.ask('access_token in the query', { path: `/api/v2/account?access_token=${good}` });
      await stage.ask('bearer_token in the query', { path: `/api/v2/account?bearer_token=${good}` });
      await stage.ask('header wrong, query right', {
        ...account('garbage'),
        path: `/api/v2/account?access_token=${good}`,
      });
      await stage.ask('header right, query wrong', { ...account(good), path: '/api/v2/account?access_token=garbage' });
      await stage.ask('access_token wrong, bearer_token right', {
        path: `/api/v2/account?access_token=garbage&bearer_token=${good}`,
      });
      await stage.ask('empty access_token, bearer_token right', {
        path: `/api/v2/account?access_token=&bearer_token=${good}`,
      });
      await stage.ask('Basic beside the query', {
        path: `/api/v2/account?access_token=${good}`,
        headers: { authorization: 'Basic eDp5' },
      });
      await stage.ask('twice in the header', account(`${good} ${good}`));
    },
    'scopes of a token': async (stage) => {
      await stage.ask('the wrong one', account(await freshToken(stage, 'tags.read')));
      await stage.ask('one of two that suffice', {
        path: '/api/v2/calls',
        method: 'POST',
        headers: { authorization: `Bearer ${await freshToken(stage, 'tags.read')}` },
      });
      await stage.ask('none', account(await freshToken(stage, '')));
    },
    'a revoked token': async (stage) => {
      const token = await freshToken(stage);
      await stage.quietly(revoke({ token, ...credentials(all) }));
      await stage.ask('resource', account(token));
      await stage.ask('info', info(token));
      await stage.ask('introspection', introspect({ token, ...credentials(all) }));
      await stage.ask('as who asks', introspect({ token: 'x' }, { authorization: `Bearer ${token}` }));
      await stage.ask('revoked again', revoke({ token, ...credentials(all) }));
      await stage.ask('revoked again, by another', revoke({ token, ...credentials(CLIENTS.other) }));
    },
  }),
  {
    id: 'resource: an expired token',
    under: { accessTokenLife: 1 },
    play: async (stage) => {
      const token = await freshToken(stage);
      await stage.pause(2);
      await stage.ask('resource', account(token));
      await stage.ask('info', info(token));
      await stage.ask('introspection', introspect({ token, ...credentials(all) }));
      await stage.ask('as who asks', introspect({ token: 'x' }, { authorization: `Bearer ${token}` }));
      await stage.ask('revocation by another', revoke({ token, ...credentials(CLIENTS.other) }));
      await stage.ask('revocation', revoke({ token, ...credentials(all) }));
    },
  } satisfies import('../../scenario.ts').Scenario,
];
