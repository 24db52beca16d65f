/** One after the other: what reads a record and writes it back must not meet another that does. Within one process. */

export type InTurn = <Result>(key: string, act: () => Promise<Result>) => Promise<Result>;

export function createTurns(): InTurn {
  const last = new Map<string, Promise<unknown>>();
  return async (key, act) => {
    const mine = (last.get(key) ?? Promise.resolve()).then(act);
    // Whoever waits goes on, whatever becomes of who was before.
    const over = mine.catch(() => {});
    last.set(key, over);
    try {
      return await mine;
    } finally {
      if (last.get(key) === over) last.delete(key);
    }
  };
}
