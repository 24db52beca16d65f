"""Full flows with requests-oauthlib. Prints what happened, as JSON; judges nothing itself."""
import json
import os
from urllib.parse import quote

import requests
from browser import Browser
from oauthlib.oauth2 import BackendApplicationClient, LegacyApplicationClient, OAuth2Error
from requests.auth import HTTPBasicAuth
from requests_oauthlib import OAuth2Session

# In the form: by itself the library sends Basic without percent-encoding, see below.
FORM = {'client_secret': os.environ['SIPGATE_CLIENT_SECRET'], 'include_client_id': True}
BASE = os.environ['SIPGATE_BASE_URL']
TOKEN = os.environ['SIPGATE_TOKEN_URL']
REALM = TOKEN.rsplit('/', 1)[0]
CLIENT, SECRET = os.environ['SIPGATE_CLIENT_ID'], os.environ['SIPGATE_CLIENT_SECRET']
USER = {'username': os.environ['SIPGATE_USERNAME'], 'password': os.environ['SIPGATE_PASSWORD']}
CALLBACK = 'http://localhost:3000/callback'
SCOPES = ['openid', 'account:read']
seen = {}


def attempt(name, act):
    try:
        seen[name] = act()
    except OAuth2Error as error:
        seen[name] = [type(error).__name__, error.error, error.description]


def session(scope=SCOPES, **more):
    return OAuth2Session(CLIENT, redirect_uri=CALLBACK, scope=scope, pkce='S256', **more)


def log_in(oauth, answer='accept'):
    url, _state = oauth.authorization_url(REALM + '/auth')
    return Browser().log_in(url, USER['username'], USER['password'], answer)


# Authorization code with PKCE and state; the account; refresh with rotation.
oauth = session()
callback = log_in(oauth)
first = oauth.fetch_token(TOKEN, authorization_response=callback, **FORM)
seen['token'] = [first['token_type'], first['scope'], 'id_token' in first, first['expires_in']]
seen['account'] = oauth.get(BASE + '/account').json()['company']
seen['userinfo'] = list(oauth.get(REALM + '/userinfo').json())
second = oauth.refresh_token(TOKEN, client_id=CLIENT, client_secret=SECRET)
seen['rotated'] = second['refresh_token'] != first['refresh_token']
attempt('reused', lambda: oauth.refresh_token(
    TOKEN, refresh_token=first['refresh_token'], client_id=CLIENT, client_secret=SECRET))
seen['after reuse'] = oauth.get(BASE + '/account').status_code

# The code once more, by the same session: its verifier is still there.
attempt('replayed', lambda: oauth.fetch_token(TOKEN, authorization_response=callback, **FORM))

# Errors. Consent is remembered: a further scope has to be asked for.
denied = session([*SCOPES, 'balance:read'])
answer = log_in(denied, 'cancel')
attempt('denied', lambda: denied.fetch_token(TOKEN, authorization_response=answer, **FORM))
wrong = session()
answer = log_in(wrong)
attempt('wrong secret', lambda: wrong.fetch_token(TOKEN, authorization_response=answer, **{**FORM, 'client_secret': 'wrong'}))
other = session(state='mine')
attempt('wrong state', lambda: other.fetch_token(TOKEN, authorization_response=answer, **FORM))

# Client credentials: in the form, and by Basic, which the caller has to encode (RFC 6749 §2.3.1).
def service(**options):
    backend = OAuth2Session(client=BackendApplicationClient(client_id=CLIENT, scope=['balance:read']))
    backend.fetch_token(TOKEN, **options)
    return [backend.get(BASE + '/balance').status_code, backend.get(BASE + '/account').status_code]


attempt('service by form', lambda: service(**FORM))
attempt('service by bare Basic', lambda: service(client_secret=SECRET))
attempt('service by Basic', lambda: service(auth=HTTPBasicAuth(quote(CLIENT, safe=''), quote(SECRET, safe=''))))


# Password, with the vendor's public client.
def direct(password):
    url = BASE.replace('/v2', '/login/sipgate-apps/protocol/openid-connect/token')
    legacy = OAuth2Session(client=LegacyApplicationClient(client_id='sipgate-app-web'))
    legacy.fetch_token(url, username=USER['username'], password=password, include_client_id=True)
    return legacy.get(BASE + '/account').status_code


attempt('password', lambda: direct(USER['password']))
attempt('wrong password', lambda: direct('wrong'))

# Without a browser: the setting sipgate.autoLogin.
requests.patch(os.environ['SIDETONE_ADMIN_URL'] + '/settings', json={'sipgate': {'autoLogin': USER['username']}})
auto = session()
url, _state = auto.authorization_url(REALM + '/auth')
answer = requests.get(url, allow_redirects=False).headers['location']
auto.fetch_token(TOKEN, authorization_response=answer, **FORM)
seen['auto'] = auto.get(BASE + '/account').status_code

print(json.dumps(seen))
