/** A fake that stands for a host that is not this machine: it is asked in this process, and what it is asked is seen. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createTarget, type RunOptions, type Target, urlsOfOrigin } from '../../contracts/index.ts';
import type { Mock } from '../../mock-server/index.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';

export const HOST = 'api.example';

export interface Remote {
  target: Target;
  clock: FakeClock;
  /** Options of a run that may ask it. */
  options: RunOptions;
  /** Method and URL of each request. */
  asked: string[];
}

/** @param instead answers instead of the fake, if it returns true. */
export function remoteOf(
  mock: Mock,
  instead: (request: IncomingMessage, response: ServerResponse, count: number) => boolean = () => false,
): Remote {
  const asked: string[] = [];
  const app: RequestListener = (request, response) => {
    asked.push(`${request.method} ${request.url}`);
    if (!instead(request, response, asked.length)) mock.app(request, response);
  };
  const target = { ...createTarget('elsewhere', urlsOfOrigin(`http://${HOST}`), mock.environment), app };
  const clock = createFakeClock();
  return { target, clock, asked, options: { clock, allowHost: [HOST], maxRequests: 5_000 } };
}
