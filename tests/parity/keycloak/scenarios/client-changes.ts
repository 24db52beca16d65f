/** A client that changes while it is in use: what its owner does is effective at once. */
import { CLIENTS, ELSEWHERE } from '../cast.ts';
import {
  authorization,
  byPassword,
  credentials,
  exchange,
  introspection,
  refresh,
  token,
  userinfo,
} from './questions.ts';
import { codeFor, tokensByCode, tokensByPassword, tokensOf } from './sign-in.ts';
import { stories } from './stories.ts';

const { removable, other } = CLIENTS;

export const clientChanges = stories('a client', {
  'removed while in use': async (stage) => {
    const browser = stage.browser();
    const tokens = await tokensByCode(stage, removable, { scope: 'openid' }, browser);
    const offline = await tokensByPassword(stage, removable, 'openid offline_access');
    const own = tokensOf(
      await stage.quietly(token({ grant_type: 'client_credentials', scope: 'openid', ...credentials(removable) })),
    );
    const code = await codeFor(stage, removable, {}, browser);
    await stage.changes.removeClient(removable.clientId);
    await stage.ask('access token', userinfo(tokens.access_token));
    await stage.ask('access token of an offline session', userinfo(offline.access_token));
    await stage.ask('access token of its own', userinfo(own.access_token));
    await stage.ask('introspected by another', introspection(tokens.access_token, other));
    await stage.ask('refresh token', refresh(tokens.refresh_token, removable));
    await stage.ask('refresh token, by another', refresh(tokens.refresh_token, other));
    await stage.ask('code', exchange(code, removable));
    await stage.ask('code, by another', exchange(code, other));
    await stage.ask('password', byPassword(removable));
    await stage.note('authorization', browser.go(authorization(removable)));
    await stage.note('another client in the same browser', browser.go(authorization(other, { prompt: 'none' })));
  },
  'given other redirect URIs': async (stage) => {
    const browser = stage.browser();
    const tokens = await tokensByCode(stage, removable, { scope: 'openid' }, browser);
    const code = await codeFor(stage, removable, {}, browser);
    await stage.changes.replaceRedirectUris(removable.clientId, ['http://localhost:4000/*']);
    await stage.note('the old one', browser.go(authorization(removable)));
    await stage.note('a new one', browser.go(authorization(removable, { redirect_uri: ELSEWHERE })));
    await stage.ask('a code of before', exchange(code, removable));
    await stage.ask('access token', userinfo(tokens.access_token));
    await stage.ask('refresh token', refresh(tokens.refresh_token, removable));
  },
});
