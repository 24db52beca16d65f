/** What masked secrets are called in a shell: the variables that `verify` reads them from. */
import { type Target, variablePairsOf } from '../targets.ts';
import type { TracedExchange } from '../trace.ts';
import type { Mask } from './secrets.ts';

const LABEL = /^<secret:\d+>$/;

/**
 * By label: `SIPGATE_TOKEN` for the secret itself, `SIPGATE_TOKEN_ID:SIPGATE_TOKEN` for a pair as Basic has it, and
 * `ACCESS_TOKEN` for a token that the run was dealt.
 *
 * @param mask the one by which the exchanges were masked: labels are its own.
 */
export function secretNames(target: Target, exchanges: TracedExchange[], mask: Mask): Record<string, string> {
  const names: Record<string, string> = {};
  const name = (value: string, variable: string) => {
    if (LABEL.test(value)) names[value] ??= variable;
  };
  for (const [idName, secretName, { id, secret }] of variablePairsOf(target)) {
    name(mask(secret), secretName);
    name(mask(Buffer.from(`${id}:${secret}`).toString('base64')), `${idName}:${secretName}`);
  }
  for (const { response } of exchanges) {
    for (const [, token = ''] of (response?.body ?? '').matchAll(/"access_token"\s*:\s*"(<secret:\d+>)"/g)) {
      name(token, 'ACCESS_TOKEN');
    }
  }
  return names;
}
