/** Judges the traffic of an application by the rules of the suite, and comes to a result as a run does. */
import { checks as catalogue, ownDocument } from '../catalogue.ts';
import type { Verdict } from '../check.ts';
import type { ContractDocument } from '../document.ts';
import { createSecrets } from '../masking/secrets.ts';
import { maskRun } from '../masking/whole.ts';
import type { RunResult } from '../run.ts';
import { secretsOf, type Target, urlsOf } from '../targets.ts';
import type { TracedExchange } from '../trace.ts';
import { withoutLastWord } from './copy.ts';
import { createDealtTokens } from './credentials.ts';
import { HUNG_UP, type RunningProxy, startProxy } from './proxy.ts';
import { createRouter } from './route.ts';
import { type Judgement, judge, type Rules } from './rules.ts';

export interface WatchOptions {
  document?: ContractDocument;
  /** Port of the first origin's proxy, the next ones behind it; free ones if absent. */
  port?: number;
  /** Told after each exchange, with how many there have been. */
  onExchange?: (count: number) => void;
}

export interface Watch {
  /** One for each origin of the target. */
  proxies: RunningProxy[];
  /** A URL of the target, through its proxy. */
  through(url: string): string;
  /** What came of it so far, without secrets. */
  result(): RunResult;
  close(): Promise<void>;
}

/**
 * Only the target's own origins are asked, each by a proxy on this machine.
 *
 * @example
 * const watch = await watchTraffic(createTarget('real', urlsOfEnvironment(process.env), process.env));
 * // … the application asks watch.through('https://api.sipgate.com/v2')
 * const report = createReport({ real: watch.result() });
 */
export async function watchTraffic(target: Target, options: WatchOptions = {}): Promise<Watch> {
  const { document = ownDocument, port = 0, onExchange } = options;
  const tally = createTally();
  const secrets = createSecrets(secretsOf(target));
  const route = createRouter(document, target);
  const rules: Rules = {
    document,
    checks: new Map(catalogue.map((check) => [check.id, check])),
    tokens: createDealtTokens(),
  };
  const [startedAt, started] = [new Date().toISOString(), performance.now()];
  const see = (exchange: TracedExchange, cut: boolean) => {
    secrets.learn(exchange);
    const found = route(exchange.request.method, exchange.request.url);
    const operation = found.kind === 'operation' ? { operation: found.operation.operationId } : {};
    tally.add({ ...operation, ...exchange }, judge(exchange, found, cut, rules));
    onExchange?.(tally.count());
  };
  const proxies: RunningProxy[] = [];
  const close = async () => void (await Promise.all(proxies.map((proxy) => proxy.close())));
  try {
    for (const upstream of new Set(urlsOf(target).map((url) => new URL(url).origin))) {
      proxies.push(await startProxy({ upstream, port: port === 0 ? 0 : port + proxies.length, onExchange: see }));
    }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    proxies,
    through: (url) => {
      const { origin } = new URL(url);
      const proxy = proxies.find(({ upstream }) => upstream === origin);
      return proxy ? proxy.url + url.slice(origin.length) : url;
    },
    result: () =>
      maskRun(
        {
          target: target.name,
          ...tally.outcome(),
          trusted: true,
          leftovers: [],
          startedAt,
          milliseconds: Math.round(performance.now() - started),
        },
        secrets,
        target,
      ),
    close,
  };
}

/** Exchanges that are kept of a check: reports are to show what it is about, not all of it. */
const KEPT = { passed: 3, failed: 20 };
/** Characters of a body that are kept once it is judged. */
const KEPT_BODY = 16_384;
/** Different sentences that make a reason. */
const MOST_REASONS = 5;

function createTally() {
  const rows = new Map<string, Seen>();
  const unanswered = new Map<string, number>();
  let count = 0;
  return {
    count: () => count,
    add: (exchange: TracedExchange, judgements: Judgement[]) => {
      count += 1;
      if (exchange.error !== undefined && exchange.error !== HUNG_UP) {
        unanswered.set(exchange.error, (unanswered.get(exchange.error) ?? 0) + 1);
      }
      for (const judgement of judgements) note(rows, judgement, shortened(exchange));
    },
    outcome: (): Pick<RunResult, 'verdicts' | 'problems' | 'requests'> => ({
      verdicts: [...rows.values()]
        .sort((one, other) => one.check.id.localeCompare(other.check.id, 'en'))
        .map(verdictOf),
      problems: [...unanswered].map(([error, times]) => `${times} requests were not answered: ${error}`),
      requests: count,
    }),
  };
}

interface Seen {
  check: Verdict['check'];
  requests: number;
  milliseconds: number;
  violations: Map<string, number>;
  passed: TracedExchange[];
  failed: TracedExchange[];
}

function note(rows: Map<string, Seen>, { check, violations }: Judgement, exchange: TracedExchange): void {
  const row: Seen = rows.get(check.id) ?? {
    check,
    requests: 0,
    milliseconds: 0,
    violations: new Map(),
    passed: [],
    failed: [],
  };
  rows.set(check.id, row);
  row.requests += 1;
  row.milliseconds += exchange.milliseconds;
  for (const violation of violations) row.violations.set(violation, (row.violations.get(violation) ?? 0) + 1);
  const kind = violations.length > 0 ? 'failed' : 'passed';
  if (row[kind].length < KEPT[kind]) row[kind].push(exchange);
}

function verdictOf({ check, requests, milliseconds, violations, passed, failed }: Seen): Verdict {
  const sentences = [...violations].map(([violation, times]) =>
    times > 1 ? `${violation} (${times} times)` : violation,
  );
  const more = sentences.length > MOST_REASONS ? [`and ${sentences.length - MOST_REASONS} more`] : [];
  return {
    check,
    outcome: failed.length > 0 ? 'failed' : 'passed',
    ...(failed.length > 0 && { reason: [...sentences.slice(0, MOST_REASONS), ...more].join('; ') }),
    requests,
    milliseconds,
    // What failed at the end: reports repeat the last.
    exchanges: [...passed, ...failed],
  };
}

function shortened(exchange: TracedExchange): TracedExchange {
  const { request, response } = exchange;
  const cut = (text: string) => {
    if (text.length <= KEPT_BODY) return text;
    const kept = withoutLastWord(text.slice(0, KEPT_BODY));
    return `${kept}… (${text.length - kept.length} characters more)`;
  };
  return {
    ...exchange,
    request: { ...request, ...(request.body !== undefined && { body: cut(request.body) }) },
    ...(response && { response: { ...response, body: cut(response.body) } }),
  };
}
