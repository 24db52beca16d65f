/** Values of the Authorization header, and the members of a target that they are made of. */
import type { BasicPair } from './targets.ts';

export const basic = ({ id, secret }: BasicPair) => `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
/** Basic as RFC 6749 §2.3.1 wants it: both parts form-urlencoded first. */
export const clientBasic = ({ id, secret }: BasicPair) =>
  basic({ id: encodeURIComponent(id), secret: encodeURIComponent(secret) });
export const bearer = (token: string) => `Bearer ${token}`;

/** The member of a target that a check needs; `needs` of the check has made sure of it. */
export function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the check uses a member of the target that its `needs` does not name');
  return value;
}
