/** The exchange of an answer that was there already, as the journal keeps it. */
import { boundedText, type RecordedExchange } from '../journal/exchange.ts';
import { theOne } from '../journal/repeating.ts';
import { realTime } from '../real-time.ts';
import { filled, LONGEST_BODY, linesOf, type RememberedAnswer } from './answer.ts';

interface Given {
  /** The mock's time of its arrival. */
  at: number;
  /** `realTime()` at its arrival. */
  started: number;
  /** Of the gaps. */
  values: string[];
  /** Bytes of the body that are kept; undefined where none is sent. */
  bodyLimit: number | undefined;
  /** Header lines of the question, where they are not those of the remembered one. */
  rawHeaders: string[] | undefined;
}

export const repeatedExchange = (httpVersion: string, remembered: RememberedAnswer, given: Given): RecordedExchange =>
  given.rawHeaders
    ? new Resembling(httpVersion, remembered, given, given.rawHeaders)
    : new Repeated(httpVersion, remembered, given);

/** There are many of them, and they come fast: each keeps what is its own, and makes the rest for who looks at it. */
class Repeated implements RecordedExchange {
  id = 0;
  readonly at: number;
  readonly arrivedAt = Date.now();
  readonly milliseconds: number;
  readonly httpVersion: string;
  private readonly remembered: RememberedAnswer;
  private readonly values: string[];
  private readonly bodyLimit: number | undefined;
  private said: RecordedExchange['answer'];

  constructor(httpVersion: string, remembered: RememberedAnswer, { at, started, values, bodyLimit }: Given) {
    this.at = at;
    this.httpVersion = theOne(httpVersion);
    this.values = values;
    this.bodyLimit = bodyLimit;
    // No more of a body is kept than may be: then the answer is made at once, and of the remembered one the rest.
    this.said = isCut(bodyLimit) ? sayingOf(remembered, values, bodyLimit) : undefined;
    this.remembered = isCut(bodyLimit) ? withoutBody(remembered) : remembered;
    this.milliseconds = realTime() - started;
  }

  get like() {
    return isCut(this.bodyLimit) ? undefined : this.remembered;
  }
  get method() {
    return this.remembered.asked.method ?? 'GET';
  }
  get target() {
    return this.remembered.asked.url ?? '/';
  }
  get rawHeaders() {
    return this.remembered.asked.rawHeaders;
  }
  get provider() {
    return this.remembered.facts.provider;
  }
  get host() {
    return this.remembered.facts.host;
  }
  get operation() {
    return this.remembered.facts.operation;
  }
  get principal() {
    return this.remembered.facts.principal;
  }
  get reason() {
    return this.remembered.facts.reason;
  }
  get refusal() {
    return this.remembered.facts.refusal;
  }
  get answer() {
    this.said ??= sayingOf(this.remembered, this.values, this.bodyLimit);
    return this.said;
  }
}

class Resembling extends Repeated {
  private readonly lines: string[];

  constructor(httpVersion: string, remembered: RememberedAnswer, given: Given, lines: string[]) {
    super(httpVersion, remembered, given);
    this.lines = lines;
  }

  override get rawHeaders() {
    return this.lines;
  }
}

const isCut = (bodyLimit: number | undefined) => bodyLimit !== undefined && bodyLimit < LONGEST_BODY;

const withoutBody = ({ body: _, ...rest }: RememberedAnswer): RememberedAnswer => rest;

function sayingOf(remembered: RememberedAnswer, values: string[], bodyLimit: number | undefined) {
  const { status, body } = remembered;
  const said = { status, headers: linesOf(remembered, values) };
  const sent = bodyLimit !== undefined && body !== undefined;
  return sent ? { ...said, body: boundedText(filled(body, values), bodyLimit) } : said;
}
