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
  if (!like) return new Told(exchange, namespace, withoutSecrets);
  let known = common.get(like);
  if (!known) {
    const { path, status, reason } = new Told(exchange, namespace, withoutSecrets);
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
class Told implements Exchange {
  readonly namespace: string;
  readonly method: string;
  readonly host: string | undefined;
  declare readonly path: string;
  readonly operation: string | undefined;
  readonly status: number;
  declare readonly reason: string | undefined;
  readonly fault: string | undefined;
  readonly milliseconds: number;
  readonly #exchange: RecordedExchange;
  readonly #withoutSecrets: (text: string) => string;

  constructor(exchange: RecordedExchange, namespace: string, withoutSecrets: (text: string) => string) {
    this.namespace = namespace;
    this.method = exchange.method;
    this.host = exchange.host;
    Object.defineProperty(this, 'path', Told.#path);
    this.operation = exchange.operation;
    this.status = exchange.answer?.status ?? 0;
    Object.defineProperty(this, 'reason', Told.#reason);
    this.fault = exchange.fault?.id;
    this.milliseconds = exchange.milliseconds ?? 0;
    this.#exchange = exchange;
    this.#withoutSecrets = withoutSecrets;
  }

  // Members of its own, so that whoever copies or prints an exchange has them.
  static readonly #path = {
    enumerable: true,
    get(this: Told) {
      return this.#withoutSecrets(this.#exchange.target.split('?')[0] ?? '');
    },
  };
  static readonly #reason = {
    enumerable: true,
    get(this: Told) {
      const { reason } = this.#exchange;
      return reason === undefined ? undefined : this.#withoutSecrets(reason);
    },
  };
}
