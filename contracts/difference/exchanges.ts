/** How what a check saw on one side differs from what it saw on the other. */
import type { TracedExchange } from '../trace.ts';
import { differencesOf, type LeafDifference } from './comparison.ts';
import { type Answer, createNormaliser, type NormalForm } from './normal-form.ts';
import { NOTHING, shapeOfHeaders, shapeVocabulary } from './shape.ts';

export interface Difference {
  /** Which exchange of the check, counted from 0: the mock's, or the real one's where the mock has none. */
  exchange: number;
  /** What was asked, e.g. `GET /v2/account`. */
  request: string;
  /** `missing`: one side was not asked, or did not answer. */
  kind: 'status' | 'headers' | 'members' | 'types' | 'errorCode' | 'missing';
  /** A header's name, or a JSON pointer into the body, `[]` for any item of a list; '' for the whole. */
  where: string;
  mock: string;
  real: string;
}

/** What each kind of difference is called where people read it, before the place. */
export const DIFFERENCE_WORDS: Record<Difference['kind'], string> = {
  status: 'status',
  headers: 'header',
  members: 'member',
  types: 'type of',
  errorCode: 'error code',
  missing: 'exchange',
};

const ABSENT = '(absent)';

/** Both sides' exchanges of one check. Volatile values are compared by their kind alone. */
export function differenceOf(mock: TracedExchange[], real: TracedExchange[]): Difference[] {
  const [normaliseMock, normaliseReal] = [normaliserFor(mock), normaliserFor(real)];
  return pairsOf(mock, real).flatMap(({ mockIndex, realIndex }) => {
    const [ofMock, ofReal] = [mock[mockIndex ?? -1], real[realIndex ?? -1]];
    const place = { exchange: mockIndex ?? realIndex ?? 0, request: nameOf((ofMock ?? ofReal) as TracedExchange) };
    const [mockForm, realForm] = [normaliseMock(ofMock), normaliseReal(ofReal)];
    if (typeof mockForm === 'string' || typeof realForm === 'string') {
      const said = (form: string | NormalForm) => (typeof form === 'string' ? form : `answers ${form.status}`);
      const [one, other] = [said(mockForm), said(realForm)];
      return one === other ? [] : [{ ...place, kind: 'missing', where: '', mock: one, real: other }];
    }
    return differencesOf(realForm, mockForm).flatMap((leaf) => classify(leaf).map((rest) => ({ ...place, ...rest })));
  });
}

type Normaliser = (exchange: TracedExchange | undefined) => NormalForm | string;

/** A text says why there is nothing to compare. */
function normaliserFor(exchanges: TracedExchange[]): Normaliser {
  const origins = [...new Set(exchanges.map(({ request }) => new URL(request.url).origin))];
  const normalise = createNormaliser(origins, shapeVocabulary);
  return (exchange) => {
    if (!exchange) return 'not asked';
    if (!exchange.response) return 'no answer';
    const form = normalise(answerOf(exchange.response));
    return { ...form, headers: shapeOfHeaders(form.headers) };
  };
}

const answerOf = ({ status, headers, body }: NonNullable<TracedExchange['response']>): Answer => ({
  status,
  headers: Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    // Joined lines of Set-Cookie: a comma stands in dates too.
    name === 'set-cookie' ? value.split(/,\s*(?=[^;,=\s]+=)/).map((line) => [name, line]) : [[name, value]],
  ),
  body,
});

const keyOf = ({ operation, request }: TracedExchange) =>
  `${request.method} ${operation ?? new URL(request.url).pathname}`;
const nameOf = ({ request }: TracedExchange) => `${request.method} ${new URL(request.url).pathname}`;

interface Pair {
  mockIndex?: number;
  realIndex?: number;
}

/** The longest way on which both were asked the same: one of them may have been asked more. */
function pairsOf(mock: TracedExchange[], real: TracedExchange[]): Pair[] {
  const [ofMock, ofReal] = [mock.map(keyOf), real.map(keyOf)];
  const common = lengthsOfCommon(ofMock, ofReal);
  const pairs: Pair[] = [];
  let [m, r] = [0, 0];
  while (m < ofMock.length || r < ofReal.length) {
    if (m < ofMock.length && r < ofReal.length && ofMock[m] === ofReal[r]) {
      pairs.push({ mockIndex: m++, realIndex: r++ });
    } else if (r === ofReal.length || (m < ofMock.length && at(common, m + 1, r) >= at(common, m, r + 1))) {
      pairs.push({ mockIndex: m++ });
    } else {
      pairs.push({ realIndex: r++ });
    }
  }
  return pairs;
}

const at = (table: number[][], row: number, column: number) => table[row]?.[column] ?? 0;

/** [m][r]: how many exchanges the rest from m and the rest from r have in common. */
function lengthsOfCommon(mock: string[], real: string[]): number[][] {
  const table: number[][] = Array.from({ length: mock.length + 1 }, () => []);
  for (let m = mock.length - 1; m >= 0; m -= 1) {
    for (let r = real.length - 1; r >= 0; r -= 1) {
      const longest = Math.max(at(table, m + 1, r), at(table, m, r + 1));
      (table[m] as number[])[r] = mock[m] === real[r] ? at(table, m + 1, r + 1) + 1 : longest;
    }
  }
  return table;
}

type Classified = Pick<Difference, 'kind' | 'where' | 'mock' | 'real'>;

/** What a differing leaf means; nothing where it means nothing to a program. */
function classify({ where, real, fake }: LeafDifference): Classified[] {
  // The order of members is the comparison of engines' affair.
  if (where.includes('#order')) return [];
  const [part = '', ...steps] = where.split('.');
  const values = { mock: fake === undefined ? ABSENT : String(fake), real: real === undefined ? ABSENT : String(real) };
  const oneSided = fake === undefined || real === undefined;
  if (part === 'status') return [{ kind: 'status', where: '', ...values }];
  if (part === 'headers') return [headerDifference(steps.join('.'), values)];
  if (part === 'cookies') {
    return oneSided ? [{ kind: 'headers', where: ['set-cookie', ...steps].join(': '), ...values }] : [];
  }
  if (part === 'location') {
    const kind = steps.at(-1) === 'error' && !oneSided ? 'errorCode' : 'headers';
    return [{ kind, where: ['location', ...steps].join(' '), ...values }];
  }
  if (part === 'page') return steps[0] === 'fields' || oneSided ? [{ kind: 'members', where: 'page', ...values }] : [];
  return bodyDifference(steps, values, oneSided);
}

function headerDifference(name: string, { mock, real }: Pick<Difference, 'mock' | 'real'>): Classified {
  const present = (value: string) => (value === '' ? '(present)' : value);
  const kind = name === 'www-authenticate' && mock !== ABSENT && real !== ABSENT ? 'errorCode' : 'headers';
  return { kind, where: name, mock: present(mock), real: present(real) };
}

function bodyDifference(steps: string[], values: Pick<Difference, 'mock' | 'real'>, oneSided: boolean): Classified[] {
  const [mock, real] = steps.length === 0 ? [kindOf(values.mock), kindOf(values.real)] : [values.mock, values.real];
  // A list without items, and which id it is, say nothing about the shape.
  if (mock === real || mock === NOTHING || real === NOTHING) return [];
  if (mock.startsWith('<id:') && real.startsWith('<id:')) return [];
  const where = steps.map((step) => `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
  if (oneSided) return [{ kind: steps.length === 0 ? 'types' : 'members', where, mock, real }];
  return [{ kind: steps.at(-1) === 'error' ? 'errorCode' : 'types', where, mock, real }];
}

/** Of a whole body, whether it is JSON. */
const kindOf = (body: string) => (body === ABSENT ? body : /^[[{]/.test(body) ? '<JSON>' : '<text>');
