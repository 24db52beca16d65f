// startMock() in a process that does nothing else: prints milliseconds as JSON. node in-process.mjs FOLDER-OF-THE-PACKAGE
import { get } from 'node:http';
import { pathToFileURL } from 'node:url';

const steps = {};
let last = performance.now();
const step = (name) => {
  const now = performance.now();
  steps[name] = now - last;
  last = now;
};
const { startMock } = await import(pathToFileURL(`${process.argv[2]}/dist/mock-server/index.js`).href);
step('import');
const first = await startMock();
step('first');
const { tokenId, token } = first.credentials.sipgate;
const authorization = `Basic ${Buffer.from(`${tokenId}:${token}`).toString('base64')}`;
// What the start has left for the first request; not by fetch, which takes longer to load than all else here.
await new Promise((resolve, reject) => {
  const asked = get(`${first.sipgate.baseUrl}/account`, { headers: { authorization } }, (answer) =>
    answer.resume().once('end', resolve),
  );
  asked.once('error', reject);
});
step('first answer');
const second = await startMock();
step('second');
// A mock that has been asked: with a connection that is kept alive.
for (const { sipgate } of [first, second]) {
  const answer = await fetch(`${sipgate.baseUrl}/account`, { headers: { authorization } });
  if (answer.status !== 200) throw new Error(`answered ${answer.status}`);
  await answer.text();
}
last = performance.now();
await second.close();
step('close');
await first.close();
console.log(JSON.stringify(steps));
