import requests

account = requests.get('https://api.sipgate.com/v2/account', auth=('token-FQ1V12', 'e68ead46-a7db-46cd-8a1a-44aed1e4e372'))
print('sipgate', account.status_code, account.json()['company'])
tokens = requests.post('https://app.sipsim.com/oauth/token', data={
    'grant_type': 'client_credentials', 'client_id': 'sipsim-demo',
    'client_secret': '3c9f1e7a5b2d4f6081a3c5e7092b4d6f', 'scope': 'account.read'}).json()
own = requests.get('https://app.sipsim.com/api/v2/account', headers={'Authorization': 'Bearer ' + tokens['access_token']})
print('sipsim', own.status_code, own.json()['data']['id'])
