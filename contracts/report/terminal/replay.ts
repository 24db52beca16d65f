/** One check asked again: what came before, what comes now, and how that differs. */
import type { Verdict } from '../../check.ts';
import { differenceOf } from '../../difference/exchanges.ts';
import type { TracedExchange } from '../../trace.ts';
import { curlOf, type SecretNames } from '../curl.ts';
import { formatDifference } from './failures.ts';
import { plain } from './plain.ts';

export interface Replay {
  before: Verdict;
  after: Verdict;
  /** Of the run that was made just now. */
  secrets: SecretNames;
}

export function formatReplay({ before, after, secrets }: Replay): string {
  const difference = differenceOf(before.exchanges, after.exchanges);
  const differing = new Set(difference.map(({ exchange }) => exchange));
  const told = difference.map((item) => `  ${formatDifference(item, ['before', 'now'])}`);
  const last = after.exchanges.at(-1);
  return [
    `${after.check.id}  ${after.check.title}`,
    `before: ${outcomeOf(before)}`,
    `now:    ${outcomeOf(after)}`,
    ...(told.length === 0 ? ['the answers do not differ'] : told),
    // The last one is what was judged, and the others are what is to be seen.
    ...[...new Set([...differing, after.exchanges.length - 1])].flatMap((index) => [
      '',
      ...answerLines('before', before.exchanges[index]),
      ...answerLines('now', after.exchanges[index]),
    ]),
    ...(last ? ['', plain(curlOf(last.request, secrets))] : []),
  ].join('\n');
}

const outcomeOf = ({ outcome, reason }: Verdict) => plain(reason === undefined ? outcome : `${outcome}: ${reason}`);

function answerLines(when: string, exchange: TracedExchange | undefined): string[] {
  if (!exchange) return [`${when}: not asked`];
  const { request, response, error } = exchange;
  const head = `${when}: ${request.method} ${request.url} -> ${response?.status ?? error ?? 'no answer'}`;
  const headers = Object.entries(response?.headers ?? {}).map(([name, value]) => `    ${name}: ${value}`);
  const body = response === undefined || response.body === '' ? [] : [`    ${response.body}`];
  return [head, ...headers, ...body].map(plain);
}
