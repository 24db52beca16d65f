/** Makes and frees 10,000 namespaces and prints what memory was before and after: for a process of its own. */
import { startMock } from '../../mock-server/index.ts';

const collect = (globalThis as { gc?: () => void }).gc;
if (!collect) throw new Error('start it with --expose-gc');
const settled = async () => {
  for (let round = 0; round < 3; round += 1) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    collect();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

const mock = await startMock();
const headers = {
  authorization: `Basic ${btoa(`${mock.credentials.sipgate.tokenId}:${mock.credentials.sipgate.token}`)}`,
};
const use = async (count: number) => {
  for (let index = 0; index < count; index += 1) {
    const name = `n-${index}`;
    const answer = await fetch(`${mock.url}/~${name}/v2/account`, { headers });
    if (answer.status !== 200) throw new Error(`${answer.status}`);
    await answer.text();
    if (mock.namespaces().length >= 500) await fetch(`${mock.adminUrl}/namespaces`, { method: 'DELETE' });
  }
  await fetch(`${mock.adminUrl}/namespaces`, { method: 'DELETE' });
};

// The first ones warm what stays: compiled code, caches of the packages.
await use(1_000);
const before = await settled();
const started = performance.now();
await use(10_000);
const milliseconds = (performance.now() - started) / 10_000;
const after = await settled();
await Promise.all(Array.from({ length: 500 }, (_, index) => mock.namespace(`living-${index}`)));
const living = ((await settled()) - after) / 500;
console.log(JSON.stringify({ before, after, milliseconds, living }));
await mock.close();
