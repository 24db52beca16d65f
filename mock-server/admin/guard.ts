/** Who may use the control API: this machine's own programs, or whoever has the bearer. Never another origin's page. */
import type { IncomingHttpHeaders } from 'node:http';
import type { RequestHandler } from 'express';
import { sameSecret, splitAuthorization } from '../credentials.ts';
import { isLoopbackAuthority } from '../loopback.ts';

export interface GuardOptions {
  loopback: boolean;
  adminToken?: string;
}

/** @param options.open paths that need no token, as there is no secret in what they answer: browsers navigate without. */
export function guard(options: GuardOptions & { open: (path: string) => boolean }): RequestHandler {
  return (request, response, next) => {
    const refusal = refusalOf(request.headers, options, options.open(request.path));
    if (!refusal) return next();
    if (refusal.status === 401) response.set('www-authenticate', 'Bearer realm="sidetone"');
    response.status(refusal.status).json({ error: refusal.error });
  };
}

function refusalOf(headers: IncomingHttpHeaders, { loopback, adminToken }: GuardOptions, open: boolean) {
  if (isForeignPage(headers)) return { status: 403, error: 'the control API never answers another origin' };
  if (adminToken !== undefined && open) return undefined;
  if (adminToken !== undefined) {
    const { scheme, credentials } = splitAuthorization(headers.authorization ?? '');
    const good = scheme === 'bearer' && sameSecret(credentials, adminToken);
    return good ? undefined : { status: 401, error: 'the control API needs the admin token as Bearer' };
  }
  // A page on a name that resolves to loopback (DNS rebinding) is same-origin to its browser: only Host tells.
  if (loopback && isLoopbackAuthority(headers.host ?? '')) return undefined;
  return { status: 403, error: 'without an admin token the control API answers on loopback names alone' };
}

function isForeignPage(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true;
  return headers.origin !== undefined && headers.origin.replace(/^https?:\/\//, '') !== headers.host;
}
