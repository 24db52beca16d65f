/** Time that stands still while a check moves it: the fake's alone. */
import type { Session } from './session.ts';

/** Frozen, so that the second to be proven does not go by meanwhile. Then as it was found: it may be somebody's fake. */
export async function atFrozenTime(session: Session, prove: () => Promise<void>): Promise<void> {
  const before = (await session.control('/clock', 'GET')).json();
  try {
    await session.control('/clock', 'PUT', { freeze: true });
    await prove();
  } finally {
    const moved = before.frozen === true || Math.abs(Number(before.offset)) > 1_000;
    const back = { set: String(before.now), freeze: before.frozen === true };
    await session.control('/clock', 'PUT', moved ? back : { reset: true });
  }
}
