/** Whether a target can be judged at all: reachable, and its credentials are what they should be. */
import { canaries } from './canaries.ts';
import type { Check, ProviderName } from './check.ts';
import type { Session } from './session.ts';
import { hasCredentials, serves, variablesOf } from './targets.ts';

/** Reachable, a good credential is good, a random one is not: else no verdict about authentication means anything. */
export async function judgeTarget(session: Session, selected: Check[]): Promise<string[]> {
  const asked = selected.filter(({ provider }) => serves(session.target, provider));
  const providers = [...new Set(asked.map(({ provider }) => provider))];
  const problems: string[] = [];
  for (const provider of providers) problems.push(...(await judgeProvider(session, provider)));
  return problems;
}

async function judgeProvider(session: Session, provider: ProviderName): Promise<string[]> {
  if (!hasCredentials(session.target, provider)) {
    return [
      `no credentials for ${provider}; set ${variablesFor(provider)}, or leave it out with --skip '${provider}.*'`,
    ];
  }
  try {
    await canaries[provider](session);
    return [];
  } catch (error) {
    const hint = provider === 'shortForm' ? " (a target without a short form: --skip 'shortForm.*')" : '';
    return [`canary of ${provider}: ${error instanceof Error ? error.message : String(error)}${hint}`];
  }
}

const variablesFor = (provider: ProviderName) =>
  (provider === 'sipsim' ? variablesOf('sipsim.client') : variablesOf('sipgate.pat')).join(' and ');
