/** Which hosts the fake stands in for: the vendors' own, and further names for them. */
import { InputError } from '../input-error.ts';
import type { Provider, VendorHost } from '../provider.ts';

/** By name, in lower case; each with the name of its provider. */
export type VendorHosts = ReadonlyMap<string, VendorHost & { provider: string }>;

/** @param names further names, each with the vendor's host that it means. Throws an InputError. */
export function vendorHosts(providers: Provider[], names: Record<string, string> = {}): VendorHosts {
  const hosts = providers.flatMap(({ name, hosts = [] }) => hosts.map((host) => ({ ...host, provider: name })));
  const known = new Map(hosts.map((host) => [host.name, host]));
  const further = Object.entries(names).map(([name, meant]): [string, VendorHost & { provider: string }] => {
    const host = known.get(meant);
    const member = `intercept.hosts.${JSON.stringify(name)}`;
    if (!host) throw new InputError(`${member} must be one of ${[...known.keys()].join(', ')}, not "${meant}"`);
    if (!NAME.test(name)) throw new InputError(`${member} is no host name in lower case`);
    const own = host.origin === `https://${host.name}`;
    return [name, { ...host, name, ...(own && { origin: `https://${name}` }) }];
  });
  return new Map([...known, ...further]);
}

const NAME = /^[a-z0-9_](?:[a-z0-9_.-]{0,252}[a-z0-9_])?$/;
