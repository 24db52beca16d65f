/** The fake as a proxy for programs that know the vendors' hosts alone. Loaded where it is asked for. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createSecureContext } from 'node:tls';
import type { Tunnels } from '../server.ts';
import type { Authority } from '../tls/certificate.ts';
import type { Target } from './absolute-form.ts';
import { authorityText } from './authority.ts';
import { createForwarder } from './forward.ts';
import { type Passage, passageTo } from './passthrough.ts';
import { createTunnels } from './tunnels.ts';
import type { VendorHosts } from './vendor-hosts.ts';

export interface InterceptionOptions {
  authority: Pick<Authority, 'issue'>;
  hosts: VendorHosts;
  passages: Passage[];
  plainHttp: () => 'refused' | 'redirected';
  onRefused?: (authority: string) => void;
}

export interface Interception {
  tunnels(fake: RequestListener): Tunnels;
  /** Takes a request in absolute form to a host that is let through; false for another. */
  forward(incoming: IncomingMessage, response: ServerResponse, target: Target): boolean;
  close(): void;
}

export async function createInterception(options: InterceptionOptions): Promise<Interception> {
  const { authority, hosts, passages, plainHttp, onRefused } = options;
  const contexts = new Map<string, ReturnType<typeof createSecureContext>>();
  for (const name of hosts.keys()) {
    contexts.set(name, createSecureContext({ ...(await authority.issue([name])), sessionIdContext: 'sidetone' }));
  }
  const forwarder = createForwarder();
  return {
    tunnels: (fake) =>
      createTunnels({
        ...{ hosts, contexts, fake, plainHttp },
        letThrough: (socket, head, target) => {
          const to = passageTo(passages, target);
          if (to) forwarder.tunnel(socket, head, { to, named: authorityText(target) });
          return to !== undefined;
        },
        real: () => undefined,
        ...(onRefused && { onRefused }),
      }),
    forward: (incoming, response, target) => {
      const to = passageTo(passages, target);
      if (to) forwarder.request(incoming, response, { to, target });
      return to !== undefined;
    },
    close: forwarder.close,
  };
}
