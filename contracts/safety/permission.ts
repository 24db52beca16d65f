/** What a run may do to the account that it asks: nothing but read, unless the user says otherwise. */
import type { Risk } from '../check.ts';
import type { Outgoing } from '../client.ts';
import { isLoopback, type Target } from '../targets.ts';
import { refuseHost, remoteHosts } from './hosts.ts';
import type { Limits } from './pace.ts';

export interface Permission {
  /** Lets the run create and remove things of its own on a host that is not loopback. */
  allowWrite?: boolean;
  /** Lets it end and rotate what was there before, too. */
  allowDestructive?: boolean;
  /** Hosts that may be asked beside loopback and the vendors' own. */
  allowHost?: string[];
  /** Requests sent at the most; default 1,000, and 10,000 on this machine. */
  maxRequests?: number;
  /** Requests a second at the most; default 10, and no limit on this machine. */
  maxRate?: number;
}

/** The run may not send such a request. */
export class RequestRefused extends Error {
  override name = 'RequestRefused';
}

/** What a run may cost somebody else's service, and what keeps a run on this machine from never ending. */
export function limitsOf(target: Target, { maxRequests, maxRate }: Permission): Limits {
  const local = isLoopback(target);
  const rate = maxRate ?? (local ? undefined : 10);
  return { maxRequests: maxRequests ?? (local ? 10_000 : 1_000), ...(rate !== undefined && { maxRate: rate }) };
}

/** Why a check of such a risk may not be run there; undefined if it may. */
export function refuseRisk(risk: Risk, target: Target, permission: Permission): string | undefined {
  if (risk === 'mock-only' && !target.control) {
    return 'moves time or settings, or asks about data, that only the fake has';
  }
  if (isLoopback(target) || risk === 'read') return undefined;
  const { allowDestructive = false, allowWrite = allowDestructive } = permission;
  if (risk === 'destructive' && !allowDestructive) {
    return 'ends or rotates what was there before; allow it with --allow-destructive';
  }
  return allowWrite ? undefined : 'changes the account; allow it with --allow-write';
}

/** Why a request may not be sent, whatever the check says of itself; undefined if it may. */
export function refuseRequest(outgoing: Outgoing, target: Target, permission: Permission): string | undefined {
  const { allowHost, allowDestructive = false, allowWrite = allowDestructive } = permission;
  return refuseHost(outgoing.url, allowHost) ?? (isLoopback(target) || allowWrite ? undefined : refuseWrites(outgoing));
}

/** Why a run that only reads may not send a request: anything but a safe method (RFC 9110 §9.2.1) or a token request. */
export function refuseWrites({ method, url }: Pick<Outgoing, 'method' | 'url'>): string | undefined {
  const safe = ['GET', 'HEAD', 'OPTIONS', 'TRACE'].includes(method);
  const asksForToken = method === 'POST' && /\/(?:oauth|openid-connect)\/token$/.test(new URL(url).pathname);
  return safe || asksForToken ? undefined : `sends ${method}; allow it with --allow-write`;
}

/** What a run is going to do, for the first line of it; undefined on this machine, where it costs nobody anything. */
export function announce(target: Target, permission: Permission): string | undefined {
  const hosts = remoteHosts(target);
  if (hosts.length === 0) return undefined;
  const { maxRequests, maxRate } = limitsOf(target, permission);
  const { allowWrite, allowDestructive } = permission;
  const does = allowDestructive
    ? 'reads, creates, removes, and ends what was there before'
    : allowWrite
      ? 'reads, creates, and removes what it created'
      : 'reads only';
  return `asks ${hosts.join(', ')}: ${does}; at most ${maxRequests} requests, ${maxRate} a second`;
}
