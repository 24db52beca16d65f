/** The mock's time as a line over real time: what it is now, and when it reached an instant. */

/** Moves that are remembered. */
const MEMORY = 200;

export function createClockLine() {
  /** Each from its real time on: the mock's time then, and its pace. */
  let moves = [];
  const line = {
    frozen: false,
    rate: 1,
    /** Real instants at which the clock was moved while somebody looked. */
    get jumps() {
      return moves.slice(1).map(({ real }) => real);
    },
    move: ({ now, frozen, rate }) => {
      Object.assign(line, { frozen, rate });
      moves = [...moves, { real: Date.now(), mock: Date.parse(now), pace: frozen ? 0 : rate }].slice(-MEMORY);
    },
    /** Milliseconds. */
    now: () => {
      const last = moves.at(-1);
      return last ? last.mock + (Date.now() - last.real) * last.pace : Date.now();
    },
    /** Real time in milliseconds at which the mock's time was there; undefined where it is still to come. */
    reached: (mock) => {
      for (const [index, move] of moves.entries()) {
        if (move.mock >= mock) return index === 0 ? move.real - (move.mock - mock) : move.real;
        const end = moves[index + 1]?.real ?? Date.now();
        if (move.pace > 0 && move.real + (mock - move.mock) / move.pace <= end)
          return move.real + (mock - move.mock) / move.pace;
      }
      return undefined;
    },
  };
  return line;
}
