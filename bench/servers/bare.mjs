// The measure of all others: node:http that answers one body to everything.
// node bare.mjs '{"port":1,"status":200,"body":"…","tls":{"key":"…","cert":"…"},"spin":0}'
// With `spin` it wastes so many milliseconds on each answer: what a gate has to notice.
import http from 'node:http';

const { port, status, body, tls, spin = 0 } = JSON.parse(process.argv[2]);
const content = Buffer.from(body);
const headers = { 'content-type': 'application/json', 'content-length': content.length };
const answer = (request, response) => {
  request.resume();
  for (const until = performance.now() + spin; performance.now() < until; );
  response.writeHead(status, headers);
  response.end(content);
};
const server = tls ? (await import('node:https')).createServer(tls, answer) : http.createServer(answer);
server.listen(port, '127.0.0.1');
