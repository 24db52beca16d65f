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

/** @param told after each defect. The good fakes that it starts are ended. */
export async function killAll(defects: Defect[], told: (kills: Kill[]) => void = () => undefined): Promise<Kill[]> {
  await using upstream = await startMock();
  await using good = await startMock();
  const goodVerdicts = new Map<string, Promise<Verdict>>();
  const goodVerdict = (check: AnyCheck) => {
    const known = goodVerdicts.get(check.id) ?? judged(check, good);
    goodVerdicts.set(check.id, known);
    return known;
  };
  const kills: Kill[] = [];
  for (const defect of defects) {
    const broken = await startBrokenServer(upstream.url, defect);
    try {
      const found: Kill[] = [];
      for (const id of defect.catches) found.push(await killBy(defect, checkOf(id), { upstream, broken, goodVerdict }));
      kills.push(...found);
      told(found);
    } finally {
      await broken.close();
      await upstream.reset();
    }
  }
  return kills;
}

interface Court {
  upstream: Mock;
  broken: BrokenServer;
  goodVerdict: (check: AnyCheck) => Promise<Verdict>;
}

async function killBy(defect: Defect, check: AnyCheck, { upstream, broken, goodVerdict }: Court): Promise<Kill> {
  const bad = await judged(check, upstream, broken.url);
  const goodOne = await goodVerdict(check);
  await upstream.reset();
  const { run: _, ...described } = check;
  const asReal = row(described, { mock: goodOne, real: bad });
  const caught = bad.outcome === 'failed' && goodOne.outcome === 'passed' && !bad.reason?.startsWith('prerequisite');
  return {
    defect: defect.title,
    check: check.id,
    ...(caught && { caught: bad.reason ?? '' }),
    blame: { asFake: row(described, { mock: bad, real: goodOne }).blame, asReal: asReal.blame },
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

const judged = async (check: AnyCheck, mock: Mock, url = mock.url): Promise<Verdict> =>
  runCheck(check, openSession(targetOf(mock, url)));

function checkOf(id: string): AnyCheck {
  const check = checks.find((candidate) => candidate.id === id);
  if (!check) throw new Error(`no check "${id}"`);
  return check;
}
