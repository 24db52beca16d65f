/** Doors that stand open to whoever has no good credential, at every operation. */
import type { Defect, WireAnswer, WireRequest } from '../broken-server.ts';
import { checks } from '../catalogue.ts';

const caught = (suffix: string) => checks.filter(({ id }) => id.includes(`.SEC-${suffix}-`)).map(({ id }) => id);

/** Lets a request in that should have been refused. */
const letIn = (stranger: (authorization: string) => boolean) => (answer: WireAnswer, incoming: WireRequest) => {
  if (answer.status === 401 && stranger(incoming.headers.authorization?.[0] ?? '')) answer.status = 200;
};

/** One for each kind of stranger. */
export const securityDefects: Defect[] = [
  {
    title: 'whoever shows no credentials is let in',
    catches: caught('none'),
    answer: letIn((authorization) => authorization === ''),
  },
  {
    title: 'any bearer token is taken',
    catches: caught('bearer'),
    answer: letIn((authorization) => authorization.startsWith('Bearer ')),
  },
  {
    title: 'any personal access token is taken',
    catches: caught('basic'),
    answer: letIn((authorization) => authorization.startsWith('Basic ')),
  },
];
