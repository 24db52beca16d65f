/** What a server can get wrong about Bearer tokens at sipgate's REST API. */
import type { Defect } from '../broken-server.ts';

export const sipgateBearerDefects: Defect[] = [
  {
    title: 'a random bearer token is answered without an error code',
    catches: ['sipgate.BRR-03'],
    answer: (answer) => {
      answer.headers['www-authenticate'] = 'Bearer realm="sipgate"';
    },
  },
  {
    title: 'the scheme name is compared with its case',
    catches: ['sipgate.BRR-10'],
    request: ({ headers }) => {
      if (headers.authorization?.[0]?.startsWith('bearer ')) headers.authorization = ['Nothing'];
    },
  },
];
