/**
 * Ids (`jti`) of the tokens that others read. Each carries a mark of this run of the fake, so that a token of before a
 * reset is nobody's, though the published key and its id stay: programs keep them for a while.
 */
import { hash } from 'node:crypto';
import type { SipgateState } from '../state.ts';

/** Digits of the last group of a UUID. */
const MARK = 12;

/** A UUID. */
export function newTokenId(state: SipgateState): string {
  const id = state.ids.uuid().slice(0, -MARK);
  return id + markOf(id, state);
}

/** Whether the id of a token whose signature is good was made since the last reset, and here. */
export function isOurs(jti: string, state: SipgateState): boolean {
  const uuid = jti.slice(jti.indexOf(':') + 1);
  return uuid.slice(-MARK) === markOf(uuid.slice(0, -MARK), state);
}

const markOf = (id: string, { generation }: SipgateState) =>
  hash('sha256', `${generation}/${id}`, 'hex').slice(0, MARK);
