"""Full flows with Authlib. Prints what happened, as JSON; judges nothing but what the library itself judges."""
import json
import os
from base64 import b64encode
from urllib.parse import parse_qs, quote, urlsplit

import requests
from authlib.common.security import generate_token
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.jose import JsonWebKey, jwt
from authlib.oidc.core import CodeIDToken
from browser import Browser

BASE = os.environ['SIPGATE_BASE_URL']
ISSUER = os.environ['SIPGATE_TOKEN_URL'].split('/protocol/')[0]
CLIENT, SECRET = os.environ['SIPGATE_CLIENT_ID'], os.environ['SIPGATE_CLIENT_SECRET']
USER = (os.environ['SIPGATE_USERNAME'], os.environ['SIPGATE_PASSWORD'])
CALLBACK = 'http://localhost:3000/callback'
server = requests.get(ISSUER + '/.well-known/openid-configuration').json()
seen = {}


def attempt(name, act):
    try:
        seen[name] = act()
    except OAuthError as error:
        seen[name] = [error.error, error.description]


def encoded_basic(client, method, uri, headers, body):
    """RFC 6749 §2.3.1: the library's own Basic does not percent-encode, and the client id here has a colon."""
    pair = ':'.join(quote(part, safe='') for part in (client.client_id, client.client_secret))
    return uri, {**headers, 'Authorization': 'Basic ' + b64encode(pair.encode()).decode()}, body


def session(method, scope):
    client = OAuth2Session(
        CLIENT, SECRET, scope=scope, redirect_uri=CALLBACK, code_challenge_method='S256',
        token_endpoint_auth_method=method, revocation_endpoint_auth_method=method)
    if method == 'client_secret_basic':
        client.register_client_auth_method((method, encoded_basic))
    return client


def log_in(oauth, answer='accept', **more):
    url, _state = oauth.create_authorization_url(server['authorization_endpoint'], **more)
    return Browser().log_in(url, *USER, answer)


def judged(id_token, nonce):
    keys = JsonWebKey.import_key_set(requests.get(server['jwks_uri']).json())
    claims = jwt.decode(id_token, keys, claims_cls=CodeIDToken, claims_options={
        'iss': {'essential': True, 'value': ISSUER}, 'aud': {'essential': True, 'value': CLIENT}},
        claims_params={'nonce': nonce, 'client_id': CLIENT})
    claims.validate()
    return claims


for method in ('client_secret_post', 'client_secret_basic'):
    result = seen[method] = {}
    verifier, nonce = generate_token(48), generate_token(20)
    oauth = session(method, 'openid account:read')
    callback = log_in(oauth, code_verifier=verifier, nonce=nonce)
    token = oauth.fetch_token(server['token_endpoint'], authorization_response=callback, code_verifier=verifier)
    claims = judged(token['id_token'], nonce)
    result['subject'] = oauth.get(server['userinfo_endpoint']).json()['sub'] == claims['sub']
    result['account'] = oauth.get(BASE + '/account').json()['company']
    renewed = oauth.refresh_token(server['token_endpoint'], refresh_token=token['refresh_token'])
    result['rotated'] = renewed['refresh_token'] != token['refresh_token']
    result['introspection'] = oauth.introspect_token(
        server['introspection_endpoint'], token=renewed['refresh_token'],
        token_type_hint='refresh_token').json()['active']
    revoked = oauth.revoke_token(
        server['revocation_endpoint'], token=renewed['refresh_token'], token_type_hint='refresh_token')
    result['revoked'] = [revoked.status_code, revoked.text,  requests.get(
        BASE + '/account', headers={'Authorization': 'Bearer ' + renewed['access_token']}).status_code]
    service = session(method, 'balance:read')
    service.fetch_token(server['token_endpoint'], grant_type='client_credentials')
    result['service'] = service.get(BASE + '/balance').status_code

# Errors.
replaying = session('client_secret_post', 'account:read')
verifier = generate_token(48)
callback = log_in(replaying, code_verifier=verifier)
replaying.fetch_token(server['token_endpoint'], authorization_response=callback, code_verifier=verifier)
attempt('replayed', lambda: replaying.fetch_token(
    server['token_endpoint'], authorization_response=callback, code_verifier=verifier))
attempt('refreshed after a replay', lambda: replaying.refresh_token(server['token_endpoint']))

denying = session('client_secret_post', 'account:read balance:read')
answer = log_in(denying, 'cancel', code_verifier=verifier)
seen['denied'] = parse_qs(urlsplit(answer).query)['error']

wrong = OAuth2Session(CLIENT, 'wrong', token_endpoint_auth_method='client_secret_post')
attempt('wrong secret', lambda: wrong.fetch_token(server['token_endpoint'], grant_type='client_credentials'))

direct = OAuth2Session('sipgate-app-web', token_endpoint_auth_method='none')
apps = server['token_endpoint'].replace('third-party', 'sipgate-apps')
direct.fetch_token(apps, username=USER[0], password=USER[1], grant_type='password')
seen['password'] = direct.get(BASE + '/account').status_code

print(json.dumps(seen))
