/** The fake as a proxy for programs that know the vendors' hosts alone. Loaded where it is asked for. */
import type { ClientRequest, IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createSecureContext } from 'node:tls';
import { loadDocument } from '../document.ts';
import { isUnder } from '../request.ts';
import { createOperationFinder } from '../routes.ts';
import type { Tunnels } from '../server.ts';
import type { Authority } from '../tls/issued.ts';
import type { Target } from './absolute-form.ts';
import { authorityText } from './authority.ts';
import { createForwarder } from './forward.ts';
import { overhear } from './overhear.ts';
import { type Passage, passageTo } from './passthrough.ts';
import type { Recorder } from './recording.ts';
import { createTunnels } from './tunnels.ts';
import type { VendorHosts } from './vendor-hosts.ts';

export interface InterceptionOptions {
  authority: Pick<Authority, 'issue'>;
  hosts: VendorHosts;
  passages: Passage[];
  recorder?: Recorder;
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
  const { authority, hosts, passages, recorder, plainHttp, onRefused } = options;
  const contexts = new Map<string, ReturnType<typeof createSecureContext>>();
  for (const name of hosts.keys()) {
    contexts.set(name, createSecureContext({ ...(await authority.issue([name])), sessionIdContext: 'sidetone' }));
  }
  const forwarder = createForwarder();
  const record = recorder && recordReal(hosts, recorder);
  const forward: Interception['forward'] = (incoming, response, target) => {
    const to = passageTo(passages, target);
    if (!to) return false;
    incoming.url = target.path;
    const watch = (outgoing: ClientRequest) => record?.(incoming, response, { outgoing, host: target.host });
    forwarder.request(incoming, response, { to, target, watch });
    return true;
  };
  const secure = (host: string, path = '/'): Target => ({ scheme: 'https', host, port: 443, path });
  return {
    tunnels: (fake) =>
      createTunnels({
        ...{ hosts, contexts, fake, plainHttp },
        letThrough: (socket, head, target) => {
          const to = passageTo(passages, target);
          if (to) forwarder.tunnel(socket, head, { to, named: authorityText(target) });
          return to !== undefined;
        },
        // Without a recording nobody needs to look into the tunnel.
        real: (host) =>
          recorder && passageTo(passages, secure(host))
            ? (incoming, response) => void forward(incoming, response, secure(host, incoming.url))
            : undefined,
        ...(onRefused && { onRefused }),
      }),
    forward,
    close: forwarder.close,
  };
}

type Record = (
  incoming: IncomingMessage,
  response: ServerResponse,
  said: { outgoing: ClientRequest; host: string },
) => void;

/** Of the vendors' hosts alone: what else is let through is nobody's affair. */
function recordReal(hosts: VendorHosts, recorder: Recorder): Record {
  const find = createOperationFinder(loadDocument());
  return (incoming, response, { outgoing, host }) => {
    const vendor = hosts.get(host);
    if (!vendor) return;
    overhear(incoming, response, outgoing, (exchange) => {
      const path = exchange.target.split('?')[0] ?? '';
      const served = vendor.prefixes.some((prefix) => isUnder(prefix, path));
      const operation = served ? find(exchange.method, path)?.operationId : undefined;
      recorder.add({
        exchange: { ...exchange, provider: vendor.provider, ...(operation !== undefined && { operation }) },
        ...{ origin: `https://${host}`, answeredBy: 'real' },
      });
    });
  };
}
