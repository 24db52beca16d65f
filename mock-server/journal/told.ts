/** An exchange as programs outside are told of it at once, and as logs have it. */
import type { RecordedExchange } from './exchange.ts';

export interface Exchange {
  /** Name of the namespace; '' where none was asked for. */
  namespace: string;
  method: string;
  /** Name of the vendor's host that it was meant for; undefined for what came to the fake's own address. */
  host: string | undefined;
  path: string;
  operation: string | undefined;
  /** 0 where the connection ended without an answer. */
  status: number;
  reason: string | undefined;
  /** Id of the fault whose work the answer is. */
  fault: string | undefined;
  /** Real time. */
  milliseconds: number;
}

type Common = Pick<Exchange, 'path' | 'status' | 'reason'>;

/** Of those that are alike. */
const common = new WeakMap<object, Common>();

export function told(
  exchange: RecordedExchange,
  namespace: string,
  withoutSecrets: (text: string) => string,
): Exchange {
  const { like } = exchange;
  if (!like) return toldAlone(exchange, namespace, withoutSecrets);
  let known = common.get(like);
  if (!known) {
    const { path, status, reason } = toldAlone(exchange, namespace, withoutSecrets);
    known = { path, status, reason };
    common.set(like, known);
  }
  return {
    namespace,
    method: exchange.method,
    host: exchange.host,
    path: known.path,
    operation: exchange.operation,
    status: known.status,
    reason: known.reason,
    fault: undefined,
    milliseconds: exchange.milliseconds ?? 0,
  };
}

/** Masked only where it is looked at: most exchanges are not. */
function toldAlone(exchange: RecordedExchange, namespace: string, withoutSecrets: (text: string) => string): Exchange {
  return {
    namespace,
    method: exchange.method,
    host: exchange.host,
    get path() {
      return withoutSecrets(exchange.target.split('?')[0] ?? '');
    },
    operation: exchange.operation,
    status: exchange.answer?.status ?? 0,
    get reason() {
      return exchange.reason === undefined ? undefined : withoutSecrets(exchange.reason);
    },
    fault: exchange.fault?.id,
    milliseconds: exchange.milliseconds ?? 0,
  };
}
