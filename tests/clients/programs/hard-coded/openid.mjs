// The whole code flow of a library that checks every issuer, with no other address than the vendor's.
import * as openid from 'openid-client';

await fetch(`${process.env.SIDETONE_ADMIN_URL}/settings`, {
  method: 'PATCH',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ sipgate: { autoLogin: process.env.SIPGATE_USERNAME } }),
});
const { SIPGATE_CLIENT_ID: id, SIPGATE_CLIENT_SECRET: secret } = process.env;
const issuer = new URL('https://login.sipgate.com/auth/realms/third-party');
const config = await openid.discovery(issuer, id, undefined, openid.ClientSecretBasic(secret));
openid.enableNonRepudiationChecks(config);
const verifier = openid.randomPKCECodeVerifier();
const [expectedState, expectedNonce] = [openid.randomState(), openid.randomNonce()];
const url = openid.buildAuthorizationUrl(config, {
  redirect_uri: 'http://localhost:3000/cb',
  scope: 'openid account:read',
  code_challenge: await openid.calculatePKCECodeChallenge(verifier),
  code_challenge_method: 'S256',
  state: expectedState,
  nonce: expectedNonce,
});
const sent = await fetch(url, { redirect: 'manual' });
const callback = new URL(sent.headers.get('location'));
const tokens = await openid.authorizationCodeGrant(config, callback, {
  ...{ pkceCodeVerifier: verifier, expectedState, expectedNonce, idTokenExpected: true },
});
const renewed = await openid.refreshTokenGrant(config, tokens.refresh_token);
const subject = await openid.fetchUserInfo(config, renewed.access_token, tokens.claims().sub);
const account = await fetch('https://api.sipgate.com/v2/account', {
  headers: { authorization: `Bearer ${renewed.access_token}` },
});
console.log(
  url.origin,
  tokens.claims().iss,
  callback.searchParams.get('iss'),
  subject.sub === tokens.claims().sub,
  account.status,
);
