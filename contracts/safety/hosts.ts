/** Which hosts a run may ask: this machine, the vendors' own, and those that the user names. */
import { isLoopbackHost, type Target, urlsOf, urlsOfEnvironment } from '../targets.ts';

const VENDORS = new Set(Object.values(urlsOfEnvironment({})).map((url) => new URL(url).hostname));

/** Why a host may not be asked, and what to do about it; undefined if it may. @param allowed names as `--allow-host` has them. */
export function refuseHost(url: string, allowed: string[] = []): string | undefined {
  const { hostname } = new URL(url);
  const known = VENDORS.has(hostname) || allowed.some((name) => name.toLowerCase() === hostname);
  if (isLoopbackHost(hostname) || known) return undefined;
  return `"${hostname}" is no host of the vendors: if it is yours to ask, add --allow-host ${hostname}`;
}

/** The same of all URLs of a target. */
export const refuseTarget = (target: Target, allowed: string[] = []): string[] => [
  ...new Set(urlsOf(target).flatMap((url) => refuseHost(url, allowed) ?? [])),
];

/** Hosts of a target that are not this machine, each once. */
export const remoteHosts = (target: Target): string[] => [
  ...new Set(
    urlsOf(target)
      .map((url) => new URL(url).hostname)
      .filter((hostname) => !isLoopbackHost(hostname)),
  ),
];
