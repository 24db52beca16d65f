// Signs with RS256 and does nothing else, for so many milliseconds: prints signatures per second.
import { generateKeyPairSync, sign } from 'node:crypto';

const milliseconds = Number(process.argv[2]);
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const data = Buffer.alloc(600, 'x');

const until = (end) => {
  let count = 0;
  while (performance.now() < end) {
    sign('sha256', data, privateKey);
    count += 1;
  }
  return count;
};
until(performance.now() + 200);
const started = performance.now();
const count = until(started + milliseconds);
console.log(JSON.stringify({ perSecond: (count / (performance.now() - started)) * 1000 }));
