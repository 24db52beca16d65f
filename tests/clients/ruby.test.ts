/** SIPSIM's Ruby example makes this call, with net/http. A program of our own. */
import { expect, test } from 'vitest';
import { startMock } from '../../mock-server/index.ts';
import { run } from './support.ts';

const PROGRAM = `
require 'net/http'
require 'json'
answer = Net::HTTP.post_form(URI(ENV['SIPSIM_TOKEN_URL']), {
  'grant_type' => 'client_credentials', 'client_id' => ENV['SIPSIM_CLIENT_ID'],
  'client_secret' => ENV['SIPSIM_CLIENT_SECRET'], 'scope' => 'account.read calls.read phones.read'
})
token = JSON.parse(answer.body)['access_token']
uri = URI(ENV['SIPSIM_BASE_URL'] + '/account')
request = Net::HTTP::Get.new(uri)
request['Authorization'] = "Bearer #{token}"
account = Net::HTTP.start(uri.host, uri.port) { |http| http.request(request) }
puts "#{answer.code} #{account.code} #{JSON.parse(account.body)['data']['id']}"
`;

test('net/http gets a token and the account', async () => {
  await using mock = await startMock();
  const { stdout, stderr } = await run('ruby', ['-'], PROGRAM, mock.environment);
  expect([stderr, stdout]).toEqual(['', '200 200 12345\n']);
});
