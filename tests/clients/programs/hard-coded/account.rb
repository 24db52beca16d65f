require 'net/http'
require 'json'

uri = URI('https://api.sipgate.com/v2/account')
ask = Net::HTTP::Get.new(uri)
ask.basic_auth('token-FQ1V12', 'e68ead46-a7db-46cd-8a1a-44aed1e4e372')
account = Net::HTTP.start(uri.host, uri.port, use_ssl: true) { |http| http.request(ask) }
puts "sipgate #{account.code} #{JSON.parse(account.body)['company']}"
tokens = Net::HTTP.post_form(URI('https://app.sipsim.com/oauth/token'), 'grant_type' => 'client_credentials',
  'client_id' => 'sipsim-demo', 'client_secret' => '3c9f1e7a5b2d4f6081a3c5e7092b4d6f', 'scope' => 'account.read')
authorization = { 'Authorization' => "Bearer #{JSON.parse(tokens.body)['access_token']}" }
own = Net::HTTP.get_response(URI('https://app.sipsim.com/api/v2/account'), authorization)
puts "sipsim #{own.code} #{JSON.parse(own.body)['data']['id']}"
