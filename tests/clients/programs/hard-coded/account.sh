ask() { curl --silent --show-error --fail -w ' %{http_code}\n' "$@"; }
ask -u 'token-FQ1V12:e68ead46-a7db-46cd-8a1a-44aed1e4e372' https://api.sipgate.com/v2/account |
  sed 's/.*"company":"\([^"]*\)".* \([0-9]*\)$/sipgate \2 \1/'
token=$(ask -d grant_type=client_credentials -d client_id=sipsim-demo \
  -d client_secret=3c9f1e7a5b2d4f6081a3c5e7092b4d6f -d scope=account.read https://app.sipsim.com/oauth/token |
  sed 's/.*"access_token":"\([^"]*\)".*/\1/')
ask -H "Authorization: Bearer $token" https://app.sipsim.com/api/v2/account |
  sed 's/.*"data":{"id":\([0-9]*\).* \([0-9]*\)$/sipsim \2 \1/'
