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

type Masked = Partial<Pick<Exchange, 'path' | 'reason'>>;

/** Of those that are alike, as far as anybody has looked. */
const alike = new WeakMap<object, Masked & { status: number }>();

function commonOf(exchange: RecordedExchange): Masked & { status: number } {
  const { like } = exchange;
  const known = like && alike.get(like);
  if (known) return known;
  const common = { status: exchange.answer?.status ?? 0 };
  if (like) alike.set(like, common);
  return common;
}

export const told = (
  exchange: RecordedExchange,
  namespace: string,
  withoutSecrets: (text: string) => string,
): Exchange => new Told(exchange, namespace, withoutSecrets);

/** Made for each exchange: its functions are not. Texts are masked where they are looked at: most are not. */
class Told implements Exchange {
  declare readonly namespace: string;
  declare readonly method: string;
  declare readonly host: string | undefined;
  declare readonly path: string;
  declare readonly operation: string | undefined;
  declare readonly status: number;
  declare readonly reason: string | undefined;
  declare readonly fault: string | undefined;
  declare readonly milliseconds: number;
  readonly #exchange: RecordedExchange;
  readonly #common: ReturnType<typeof commonOf>;
  readonly #withoutSecrets: (text: string) => string;

  constructor(exchange: RecordedExchange, namespace: string, withoutSecrets: (text: string) => string) {
    this.#exchange = exchange;
    this.#common = commonOf(exchange);
    this.#withoutSecrets = withoutSecrets;
    this.namespace = namespace;
    this.method = exchange.method;
    this.host = exchange.host;
    Object.defineProperty(this, 'path', Told.#path);
    this.operation = exchange.operation;
    this.status = this.#common.status;
    Object.defineProperty(this, 'reason', Told.#reason);
    this.fault = exchange.fault?.id;
    this.milliseconds = exchange.milliseconds ?? 0;
  }

  // Members of its own, so that whoever copies or prints an exchange has them.
  static readonly #path = {
    enumerable: true,
    get(this: Told) {
      this.#common.path ??= this.#withoutSecrets(this.#exchange.target.split('?')[0] ?? '');
      return this.#common.path;
    },
  };
  static readonly #reason = {
    enumerable: true,
    get(this: Told) {
      const { reason } = this.#exchange;
      if (reason !== undefined) this.#common.reason ??= this.#withoutSecrets(reason);
      return this.#common.reason;
    },
  };
}
