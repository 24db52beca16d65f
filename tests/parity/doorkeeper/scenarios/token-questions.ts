/** Revocation, introspection, token info. */
import { stories, table } from '../../tables.ts';
import { CLIENTS } from '../cast.ts';
import { account, basic, credentials, freshToken, info, introspect, pair, revoke } from './questions.ts';

const { all, other, noGrant } = CLIENTS;

export const tokenQuestions = [
  table('revocation: who asks', {
    'unknown token': revoke({ token: 'x', ...credentials(all) }),
    'no token': revoke(credentials(all)),
    'empty token': revoke({ token: '', ...credentials(all) }),
    nobody: revoke({ token: 'x' }),
    'nobody, no token': revoke({}),
    'unknown client': revoke({ token: 'x', client_id: 'nobody', client_secret: 'x' }),
    'wrong secret': revoke({ token: 'x', ...credentials(all), client_secret: 'wrong' }),
    Basic: revoke({ token: 'x' }, { authorization: basic(all) }),
    'Basic, wrong': revoke({ token: 'x' }, { authorization: pair('all:wrong') }),
    'a client without the grant': revoke({ token: 'x', ...credentials(noGrant) }),
    GET: { path: '/oauth/revoke' },
    JSON: {
      path: '/oauth/revoke',
      body: JSON.stringify({ token: 'x', ...credentials(all) }),
      headers: { 'content-type': 'application/json' },
    },
  }),
  table('introspection: who asks', {
    'unknown token': introspect({ token: 'x', ...credentials(all) }),
    'no token': introspect(credentials(all)),
    nobody: introspect({ token: 'x' }),
    'unknown client': introspect({ token: 'x', client_id: 'nobody', client_secret: 'x' }),
    'wrong secret': introspect({ token: 'x', ...credentials(all), client_secret: 'wrong' }),
    'a client id alone': introspect({ token: 'x', client_id: all.clientId }),
    Basic: introspect({ token: 'x' }, { authorization: basic(all) }),
    'Basic, wrong': introspect({ token: 'x' }, { authorization: pair('all:wrong') }),
    'a garbage token asks': introspect({ token: 'x' }, { authorization: 'Bearer garbage' }),
    GET: { path: '/oauth/introspect' },
  }),
  ...stories('introspection', {
    'a living token': async (stage) => {
      const token = await freshToken(stage, 'tags.read account.read');
      await stage.ask('its client', introspect({ token, ...credentials(all) }));
      await stage.ask('its client by Basic', introspect({ token }, { authorization: basic(all) }));
      await stage.ask('with a hint', introspect({ token, token_type_hint: 'refresh_token', ...credentials(all) }));
      await stage.ask('another client', introspect({ token, ...credentials(other) }));
      const second = await freshToken(stage);
      await stage.ask('another token of its client', introspect({ token }, { authorization: `Bearer ${second}` }));
      await stage.ask('itself', introspect({ token }, { authorization: `Bearer ${token}` }));
      const foreign = await freshToken(stage, 'account.read', other);
      await stage.ask("another client's token", introspect({ token }, { authorization: `Bearer ${foreign}` }));
      await stage.ask('a token about garbage', introspect({ token: 'x' }, { authorization: `Bearer ${second}` }));
      await stage.ask('a token in the form asks', introspect({ token, access_token: second }));
      await stage.ask(
        'client and token ask',
        introspect({ token, ...credentials(other) }, { authorization: `Bearer ${second}` }),
      );
    },
    'a token without scopes': async (stage) => {
      const token = await freshToken(stage, '');
      await stage.ask('introspection', introspect({ token, ...credentials(all) }));
      await stage.ask('info', info(token));
    },
  }),
  ...stories('revocation', {
    'a living token': async (stage) => {
      const [token, spared] = [await freshToken(stage), await freshToken(stage)];
      await stage.ask('another client', revoke({ token, ...credentials(other) }));
      await stage.ask('it lives', account(token));
      await stage.ask('its client', revoke({ token, ...credentials(all), token_type_hint: 'refresh_token' }));
      await stage.ask('it is dead', account(token));
      await stage.ask('the other lives', account(spared));
      await stage.ask('the other by Basic', revoke({ token: spared }, { authorization: basic(all) }));
      await stage.ask('that is dead too', account(spared));
    },
  }),
  ...stories('token info', {
    'of a token': async (stage) => {
      const token = await freshToken(stage, 'tags.read account.read');
      await stage.ask('header', info(token));
      await stage.ask('query', { path: `/oauth/token/info?access_token=${token}` });
    },
    'of none': async (stage) => {
      await stage.ask('nothing', info());
      await stage.ask('garbage', info('garbage'));
      await stage.ask('POST', { ...info('garbage'), method: 'POST' });
    },
  }),
];
