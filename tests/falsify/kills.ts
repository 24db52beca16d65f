/** Every deliberately broken server before the suite: caught or not, and whom the matrix blames for it. */
import { type BrokenServer, type Defect, startBrokenServer } from '../../contracts/broken-server.ts';
import type { Verdict } from '../../contracts/check.ts';
import { loadContractDocument } from '../../contracts/document.ts';
import { checks } from '../../contracts/index.ts';
import { type Blame, isConformance } from '../../contracts/matrix/blame.ts';
import { rowOf } from '../../contracts/matrix/row.ts';
import type { Row } from '../../contracts/report/report.ts';
import { openSession } from '../../contracts/run.ts';
import { runCheck } from '../../contracts/run-check.ts';
import { type Mock, startMock } from '../../mock-server/index.ts';
import { targetOf } from '../support/mock-target.ts';

/** One defect before one check that must catch it. */
export interface Kill {
  defect: string;
  check: string;
  /** Why the check failed; absent where it did not, or never came to its own question. */
  caught?: string;
  /** The broken server in the fake's place beside a good one, and in the real API's. */
  blame: { asFake: Blame | undefined; asReal: Blame | undefined };
  /** Whom it may blame in the real API's place. */
  rightly: Blame[];
}

const document = loadContractDocument();
type AnyCheck = (typeof checks)[number];

/** The good fakes that it starts are ended. */
export async function killAll(defects: Defect[]): Promise<Kill[]> {
  await using upstream = await startMock();
  await using good = await startMock();
  const goodVerdicts = await askTogether(checks, good);
  const kills: Kill[] = [];
  for (const defect of defects) {
    const broken = await startBrokenServer(upstream.url, defect);
    try {
      const caught = defect.catches.map(checkOf);
      const verdicts = await (defect.whole
        ? askTogether(checks, upstream, broken.url)
        : askApart(caught, upstream, broken));
      for (const check of caught)
        kills.push(killBy(defect, check, verdictOf(verdicts, check), verdictOf(goodVerdicts, check)));
    } finally {
      await broken.close();
    }
  }
  return kills;
}

type Verdicts = Map<string, Verdict>;

function verdictOf(verdicts: Verdicts, { id }: AnyCheck): Verdict {
  const verdict = verdicts.get(id);
  if (!verdict) throw new Error(`"${id}" was not asked`);
  return verdict;
}

/** In one run, as what judges others' answers needs it. */
async function askTogether(asked: AnyCheck[], mock: Mock, url = mock.url): Promise<Verdicts> {
  const session = openSession(targetOf(mock, url));
  const verdicts: Verdicts = new Map();
  for (const check of asked) verdicts.set(check.id, await runCheck(check, session));
  await mock.reset();
  return verdicts;
}

/** Each by itself, on a fake as it is at the start. */
async function askApart(asked: AnyCheck[], mock: Mock, { url }: BrokenServer): Promise<Verdicts> {
  const verdicts: Verdicts = new Map();
  for (const check of asked) {
    verdicts.set(check.id, await runCheck(check, openSession(targetOf(mock, url))));
    await mock.reset();
  }
  return verdicts;
}

function killBy(defect: Defect, check: AnyCheck, bad: Verdict, good: Verdict): Kill {
  const { run: _, ...described } = check;
  const caught = bad.outcome === 'failed' && good.outcome === 'passed' && !bad.reason?.startsWith('prerequisite');
  return {
    defect: defect.title,
    check: check.id,
    ...(caught && { caught: bad.reason ?? '' }),
    blame: {
      asFake: row(described, { mock: bad, real: good }).blame,
      asReal: row(described, { mock: good, real: bad }).blame,
    },
    rightly: rightly(described),
  };
}

/**
 * Of the real API's place: who breaks a standard or the vendor's word is blamed for it. Where only the engine, an
 * observation or an assumption says so, a real API that does otherwise proves the fake or the document wrong.
 */
function rightly({ level, clause, evidence, id }: Row['check']): Blame[] {
  const standard = /^(?:MUST|SHOULD)$/.test(level) && /RFC \d|OpenID Connect/.test(clause);
  if (isConformance({ id })) return evidence === 'documented' ? ['real', 'document'] : ['document'];
  if (standard) return ['real'];
  return evidence === 'documented' ? ['real', 'document'] : ['fake', 'document', 'real'];
}

function row(check: Row['check'], verdicts: Required<Row['verdicts']>): Row {
  const realExchanges = new Map([[check.operation, verdicts.real.exchanges]]);
  return rowOf(check, verdicts, { document, roles: ['mock', 'real'], realName: 'real', realExchanges });
}

function checkOf(id: string): AnyCheck {
  const check = checks.find((candidate) => candidate.id === id);
  if (!check) throw new Error(`no check "${id}"`);
  return check;
}
