/** What a server can get wrong about scopes at sipgate's REST API. */

import { type Defect, jsonAnswer } from '../broken-server.ts';
import { answerInstead, jwtOf, letIn, REST } from './sipgate-wire.ts';

const hasToken = (request: Parameters<typeof jwtOf>[0]) => 'scope' in jwtOf(request).claims;

export const sipgateScopeDefects: Defect[] = [
  {
    title: 'only the scope all opens anything',
    catches: ['sipgate.SCP-03-write'],
    instead: (request) =>
      REST.test(request.path) && hasToken(request) && jwtOf(request).claims.scope !== 'all'
        ? jsonAnswer(403, {})
        : undefined,
  },
  {
    title: 'the scope all opens nothing',
    catches: ['sipgate.SCP-03-all'],
    instead: (request) => (jwtOf(request).claims.scope === 'all' ? jsonAnswer(403, {}) : undefined),
  },
  {
    title: 'any access token opens everything',
    catches: ['sipgate.SCP-04'],
    request: letIn(hasToken),
  },
  {
    title: 'what a scope forbids is done all the same, and answered with 403',
    catches: ['sipgate.SCP-04'],
    request: (request) => {
      if (!hasToken(request)) return;
      letIn(() => true)(request);
      request.headers['x-forbidden'] = ['yes'];
    },
    answer: answerInstead(403, (_, { headers }) => headers['x-forbidden'] !== undefined),
  },
  {
    title: 'PUT with a scope that forbids it is done, and answered with 403',
    catches: ['sipgate.SCP-04'],
    request: (request) => {
      if (request.method !== 'PUT' || !hasToken(request)) return;
      letIn(() => true)(request);
      request.headers['x-forbidden'] = ['yes'];
    },
    answer: answerInstead(403, (_, { headers }) => headers['x-forbidden'] !== undefined),
  },
];
