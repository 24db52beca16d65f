import base64, json, urllib.parse, urllib.request

pair = base64.b64encode(b'token-FQ1V12:e68ead46-a7db-46cd-8a1a-44aed1e4e372').decode()
ask = urllib.request.Request('https://api.sipgate.com/v2/account', headers={'Authorization': 'Basic ' + pair})
with urllib.request.urlopen(ask) as account:
    print('sipgate', account.status, json.load(account)['company'])
form = urllib.parse.urlencode({
    'grant_type': 'client_credentials', 'client_id': 'sipsim-demo',
    'client_secret': '3c9f1e7a5b2d4f6081a3c5e7092b4d6f', 'scope': 'account.read'}).encode()
token = json.load(urllib.request.urlopen('https://app.sipsim.com/oauth/token', form))['access_token']
ask = urllib.request.Request('https://app.sipsim.com/api/v2/account', headers={'Authorization': 'Bearer ' + token})
with urllib.request.urlopen(ask) as own:
    print('sipsim', own.status, json.load(own)['data']['id'])
