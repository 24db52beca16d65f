/** The userinfo endpoint (OpenID Connect Core §5.3), and what the bearer may be and where it may stand (RFC 6750). */
import type { Scenario } from '../../scenario.ts';
import { CLIENTS, WEB_ORIGIN } from '../cast.ts';
import { basic, credentials, OIDC, token, userinfo } from './questions.ts';
import { tokensByCode, tokensByPassword, tokensOf } from './sign-in.ts';
import { stories, table } from './stories.ts';

const { shop } = CLIENTS;
const path = `${OIDC}/userinfo`;
const headers = (authorization: string) => ({ path, headers: { authorization } });

const strangers = table('userinfo: no good token', {
  none: { path },
  'none, by POST': { path, form: '' },
  'none, with an Origin': { path, headers: { origin: WEB_ORIGIN } },
  garbage: userinfo('x'),
  'garbage in three parts': userinfo('a.b.c'),
  'garbage, with an Origin': userinfo('x', { origin: WEB_ORIGIN }),
  'Bearer alone': headers('Bearer'),
  Basic: headers(basic(shop)),
  'in a form, garbage': { path, form: { access_token: 'x' } },
  'in a form, empty': { path, form: { access_token: '' } },
});

const bearers = stories('userinfo', {
  'a good token': async (stage) => {
    const { access_token: good, refresh_token, id_token } = await tokensByPassword(stage, shop, 'openid account:read');
    await stage.ask('by GET', userinfo(good));
    await stage.ask('by POST', { ...userinfo(good), form: '' });
    await stage.ask('scheme in small letters', headers(`bearer ${good}`));
    await stage.ask('in a form', { path, form: { access_token: good } });
    await stage.ask('in header and form', { ...userinfo(good), form: { access_token: good } });
    await stage.ask('in a form twice', {
      path,
      form: [
        ['access_token', good],
        ['access_token', good],
      ],
    });
    await stage.ask('in the query', { path, query: { access_token: good } });
    await stage.ask('with something after it', headers(`Bearer ${good} x`));
    await stage.ask('from a page of the client', userinfo(good, { origin: WEB_ORIGIN }));
    await stage.ask('from a foreign page', userinfo(good, { origin: 'http://evil.example' }));
    await stage.ask('JWT accepted', userinfo(good, { accept: 'application/jwt' }));
    await stage.ask('HEAD', { ...userinfo(good), method: 'HEAD' });
    await stage.ask('changed', userinfo(`${good.slice(0, -5)}abcde`));
    await stage.ask('a refresh token', userinfo(refresh_token));
    await stage.ask('an id token', userinfo(id_token));
  },
  'from a code': async (stage) => {
    await stage.ask('asked', userinfo((await tokensByCode(stage)).access_token));
  },
  'without openid': async (stage) => {
    const { access_token } = await tokensByPassword(stage, shop, 'account:read');
    await stage.ask('asked', userinfo(access_token));
    await stage.ask('from a page', userinfo(access_token, { origin: WEB_ORIGIN }));
  },
  'a service account': async (stage) => {
    const form = { grant_type: 'client_credentials', ...credentials(shop) };
    await stage.ask('without openid', userinfo(tokensOf(await stage.quietly(token(form))).access_token));
    const withOpenId = tokensOf(await stage.quietly(token({ ...form, scope: 'openid' })));
    await stage.ask('with openid', userinfo(withOpenId.access_token));
  },
  'a token of the other realm': async (stage) => {
    const form = {
      grant_type: 'password',
      ...credentials(CLIENTS.app),
      username: 'alice@parity.example',
      password: 'pw of Alice',
      scope: 'openid',
    };
    const elsewhere = token(form, { path: `${OIDC.replace('third-party', 'sipgate-apps')}/token` });
    await stage.ask('asked', userinfo(tokensOf(await stage.quietly(elsewhere)).access_token));
  },
});

const expired: Scenario = {
  id: 'userinfo: a token older than its life',
  under: { accessTokenLife: 4 },
  play: async (stage) => {
    const { access_token } = await tokensByPassword(stage);
    await stage.ask('in time', userinfo(access_token));
    await stage.pause(5.1);
    await stage.ask('late', userinfo(access_token));
  },
};

export const userInfo = [strangers, ...bearers, expired];
