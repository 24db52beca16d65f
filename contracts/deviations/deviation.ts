/** What a team knows to fail, and why: an entry of `sidetone-deviations.yaml`. */
import type { Verdict } from '../check.ts';
import type { SideRole } from '../report/report.ts';

export interface Deviation {
  /** Id of the check. */
  check: string;
  /** The check's operation: whoever reads the file shall not have to look it up. */
  operation: string;
  /** `mock`, `real`, or the name of a target, such as its URL. */
  target: string;
  /** What comes instead of what the check expects. */
  instead: {
    /** Of the last answer. Absent where the check sends nothing of its own. */
    status?: number;
    /** As the check says it; `*` stands for any text. */
    failure: string;
  };
  class: DeviationClass;
  reason: string;
  ticket?: string;
  /** Days, such as `2026-11-28`. */
  firstSeen: string;
  /** At most 180 days after it was first seen. */
  expires: string;
  /** Whether the fake fails in the same way. */
  mockReproduces: boolean;
}

/** Whose fault it is held to be; environment: it is so on this account or test system alone. */
export type DeviationClass = (typeof CLASSES)[number];
export const CLASSES = ['real', 'document', 'fake', 'environment'] as const;

export const LONGEST_DAYS = 180;
const DAY = 86_400_000;

export const dayAfter = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);

/** What a verdict says, without what changes from run to run. */
export function insteadOf({ reason = '', exchanges }: Verdict): Deviation['instead'] {
  const status = exchanges.at(-1)?.response?.status;
  return { ...(status !== undefined && { status }), failure: lasting(reason) };
}

const lasting = (reason: string) =>
  reason
    .replace(/<secret(?::\w+)?>/g, '<secret>')
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi, '<id>')
    .replace(/\b[0-9a-f]{16,}\b/gi, '<id>')
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z?/g, '<time>');

/** Whether a verdict fails just as an entry says. */
export function failsAs({ instead }: Deviation, verdict: Verdict): boolean {
  const { status, failure } = insteadOf(verdict);
  const pattern = instead.failure.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const isSame = new RegExp(`^${pattern.join('.*')}$`, 's').test(failure);
  return isSame && (instead.status === undefined || instead.status === status);
}

/** Whether an entry speaks of a side. */
export const isAbout = ({ target }: Deviation, role: SideRole, name: string): boolean =>
  target === role || target === name;
