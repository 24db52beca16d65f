/** A setting of the fake's, changed for the time of a check by its control API. */
import type { Session } from './session.ts';

/** @param group of the setting: `sipgate`, `sipsim` or `server`. */
export async function withSetting(
  session: Session,
  group: string,
  setting: Record<string, unknown>,
  prove: () => Promise<void>,
): Promise<void> {
  const before = (await session.control('/settings', 'GET')).json()[group] as Record<string, unknown>;
  const found = Object.fromEntries(Object.keys(setting).map((name) => [name, before[name]]));
  try {
    await session.control('/settings', 'PATCH', { [group]: setting });
    await prove();
  } finally {
    await session.control('/settings', 'PATCH', { [group]: found });
  }
}
