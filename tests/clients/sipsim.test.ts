/** SIPSIM as its users ask it, after the vendor's page: a cached token, calls page by page, and receivers of webhooks. */
import { spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Mock, startMock } from '../../mock-server/index.ts';
import { pythonWithRequests, run } from './support.ts';

const [ADA, STRANGER] = ['+492111234501', '+4930123456789'];
const calls = Array.from({ length: 50 }, (_, index) => ({
  id: 100 + index,
  direction: 'inbound' as const,
  ...{ caller_number: STRANGER, receiver_number: ADA },
  start_time: new Date(Date.UTC(2020, 0, 1, 0, index)).toISOString(),
}));

let mock: Mock;
let python: string;
beforeAll(async () => {
  python = pythonWithRequests();
  mock = await startMock({ seed: { sipsim: { calls } } });
}, 180_000);
afterAll(() => mock.close());

/** Each prints the number of tokens asked for, of pages and of calls, twice: the second time after the token expired. */
const PYTHON = `
import os, sys, requests

class Client:
    token, asked = None, 0
    def get(self, path, **query):
        for attempt in range(2):
            if not self.token:
                answer = requests.post(os.environ['SIPSIM_TOKEN_URL'], data={
                    'grant_type': 'client_credentials', 'scope': 'calls.read',
                    'client_id': os.environ['SIPSIM_CLIENT_ID'], 'client_secret': os.environ['SIPSIM_CLIENT_SECRET']})
                answer.raise_for_status()
                self.token, self.asked = answer.json()['access_token'], self.asked + 1
            answer = requests.get(os.environ['SIPSIM_BASE_URL'] + path, params=query,
                                  headers={'Authorization': 'Bearer ' + self.token})
            if answer.status_code != 401:
                answer.raise_for_status()
                return answer.json()
            self.token = None

    def calls(self):
        pages, ids, page = 0, set(), None
        while True:
            query = {'start_time': '2020-01-01T00:00:00+00:00', 'end_time': '2020-12-31', 'limit': 20}
            if page: query['page'] = page
            body = self.get('/calls', **query)
            pages, page = pages + 1, body['pagination'].get('page')
            ids.update(call['id'] for call in body['data'])
            if not body['pagination']['has_more']: return pages, len(ids)

client = Client()
print(client.asked, *client.calls(), client.asked, flush=True)
requests.put(os.environ['SIDETONE_ADMIN_URL'] + '/clock', json={'advance': '2h'})
print(*client.calls(), client.asked)
`;

const RUBY = `
require 'net/http'
require 'json'

class Client
  attr_reader :asked
  def initialize; @asked = 0; end

  def token
    @token ||= begin
      @asked += 1
      answer = Net::HTTP.post_form(URI(ENV['SIPSIM_TOKEN_URL']), 'grant_type' => 'client_credentials',
        'client_id' => ENV['SIPSIM_CLIENT_ID'], 'client_secret' => ENV['SIPSIM_CLIENT_SECRET'], 'scope' => 'calls.read')
      JSON.parse(answer.body).fetch('access_token')
    end
  end

  def get(path, query)
    2.times do
      uri = URI(ENV['SIPSIM_BASE_URL'] + path + '?' + URI.encode_www_form(query))
      answer = Net::HTTP.get_response(uri, 'Authorization' => "Bearer #{token}")
      return JSON.parse(answer.body) if answer.code == '200'
      @token = nil
    end
    raise 'refused twice'
  end

  def calls
    pages, ids, page = 0, [], nil
    loop do
      query = { start_time: '2020-01-01T00:00:00+00:00', end_time: '2020-12-31', limit: 20, page: page }.compact
      body = get('/calls', query)
      pages += 1
      ids |= body['data'].map { |call| call['id'] }
      page = body['pagination']['page']
      return [pages, ids.size] unless body['pagination']['has_more']
    end
  end
end

client = Client.new
puts [0, *client.calls, client.asked].join(' ')
clock = URI(ENV['SIDETONE_ADMIN_URL'] + '/clock')
Net::HTTP.start(clock.host, clock.port) { |http| http.put(clock.path, '{"advance":"2h"}', 'Content-Type' => 'application/json') }
puts [*client.calls, client.asked].join(' ')
`;

const FETCH = `
const env = process.env;
let token, asked = 0;
async function get(path, query) {
  for (let attempt = 0; attempt < 2; attempt += 1) {
    if (!token) {
      const form = { grant_type: 'client_credentials', client_id: env.SIPSIM_CLIENT_ID, client_secret: env.SIPSIM_CLIENT_SECRET, scope: 'calls.read' };
      const answer = await fetch(env.SIPSIM_TOKEN_URL, { method: 'POST', body: new URLSearchParams(form) });
      token = (await answer.json()).access_token;
      asked += 1;
    }
    const answer = await fetch(env.SIPSIM_BASE_URL + path + '?' + new URLSearchParams(query), { headers: { Authorization: 'Bearer ' + token } });
    if (answer.ok) return answer.json();
    token = undefined;
  }
  throw new Error('refused twice');
}
async function calls() {
  const ids = new Set();
  const query = { start_time: '2020-01-01T00:00:00+00:00', end_time: '2020-12-31', limit: '20' };
  for (let pages = 1; ; pages += 1) {
    const { data, pagination } = await get('/calls', query);
    for (const { id } of data) ids.add(id);
    if (!pagination.has_more) return [pages, ids.size];
    query.page = pagination.page;
  }
}
console.log(0, ...(await calls()), asked);
await fetch(env.SIDETONE_ADMIN_URL + '/clock', { method: 'PUT', body: '{"advance":"2h"}', headers: { 'content-type': 'application/json' } });
console.log(...(await calls()), asked);
`;

describe('calls page by page, with a token that is cached and asked for again when it expires', () => {
  test.each([
    ['requests', () => run(python, ['-'], PYTHON, mock.environment)],
    ['net/http', () => run('ruby', ['-'], RUBY, mock.environment)],
    ['fetch', () => run(process.execPath, ['--input-type=module', '-'], FETCH, mock.environment)],
  ])('%s', async (_what, program) => {
    mock.clock.reset();
    const { stdout, stderr } = await program();
    expect([stderr, stdout]).toEqual(['', '0 3 50 1\n3 50 2\n']);
  });
});

/** Each listens on a free port, prints it, and prints of each webhook whether its signature is right, and its event. */
const PYTHON_RECEIVER = `
import hashlib, hmac, json, os
from http.server import BaseHTTPRequestHandler, HTTPServer

class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        raw = self.rfile.read(int(self.headers['Content-Length']))
        signed = self.headers['X-Webhook-Timestamp'].encode() + b'.' + raw
        expected = hmac.new(os.environ['SIPSIM_WEBHOOK_SECRET'].encode(), signed, hashlib.sha256).hexdigest()
        good = hmac.compare_digest(expected, self.headers['X-Webhook-Signature'])
        self.send_response(200 if good else 401)
        self.end_headers()
        print(good, json.loads(raw)['event'], flush=True)
    def log_message(self, *_):
        pass

server = HTTPServer(('127.0.0.1', 0), Receiver)
print(server.server_port, flush=True)
server.serve_forever()
`;

const RUBY_RECEIVER = `
require 'socket'
require 'json'
require 'openssl'
$stdout.sync = true
server = TCPServer.new('127.0.0.1', 0)
puts server.addr[1]
loop do
  socket = server.accept
  socket.gets
  headers = {}
  while (line = socket.gets.chomp) != ''
    name, value = line.split(': ', 2)
    headers[name.downcase] = value
  end
  raw = socket.read(headers['content-length'].to_i)
  signed = headers['x-webhook-timestamp'] + '.' + raw
  good = OpenSSL::HMAC.hexdigest('SHA256', ENV['SIPSIM_WEBHOOK_SECRET'], signed) == headers['x-webhook-signature']
  socket.write("HTTP/1.1 #{good ? '200 OK' : '401 Unauthorized'}\\r\\nContent-Length: 0\\r\\nConnection: close\\r\\n\\r\\n")
  socket.close
  puts "#{good ? 'True' : 'False'} #{JSON.parse(raw)['event']}"
end
`;

describe('a receiver of webhooks with a check of its own', () => {
  test.each([
    ['Python', () => [python, PYTHON_RECEIVER] as const],
    ['Ruby', () => ['ruby', RUBY_RECEIVER] as const],
  ])('%s', async (_what, program) => {
    const [command, text] = program();
    const env = { PATH: process.env.PATH ?? '', LANG: 'C.UTF-8', ...mock.environment };
    const flag = command === 'ruby' ? '-e' : '-c';
    const receiver = spawn(command, [flag, text], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const lines: string[] = [];
      receiver.stdout.on('data', (chunk) => lines.push(...String(chunk).trim().split('\n')));
      await expect.poll(() => lines.length).toBe(1);
      const url = `http://127.0.0.1:${lines[0]}/`;
      const good = await mock.sendWebhook('sms', { url, payload: { message: 'Grüße' } });
      expect(good).toMatchObject({ delivered: true, answer: { status: 200 } });
      // Another integration has another secret.
      const foreign = await mock.sendWebhook('test', { url, client: 'sipsim-account-only' });
      expect(foreign).toMatchObject({ delivered: false, answer: { status: 401 } });
      await expect.poll(() => lines.slice(1)).toEqual(['True sms', 'False test']);
    } finally {
      receiver.kill();
    }
  });
});
