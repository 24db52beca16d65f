// startMock() in a process that does nothing else: prints milliseconds as JSON. node in-process.mjs FOLDER-OF-THE-PACKAGE
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
const second = await startMock();
step('second');
// A mock that has been asked: with a connection that is kept alive.
const { tokenId, token } = first.credentials.sipgate;
const authorization = `Basic ${Buffer.from(`${tokenId}:${token}`).toString('base64')}`;
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
