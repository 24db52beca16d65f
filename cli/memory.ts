/** How much memory a server takes for its garbage. */
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** Bytes of one of the two halves that V8 has for the young: it begins with two megabytes at most. */
const ENOUGH = 3_000_000;
const MILLISECONDS = 20;

/** From this one on there is Maglev; V8 complains of flags that it does not know. */
const KNOWS_MAGLEV = 22;

/**
 * A server's garbage is small and comes steadily. V8 would take 30 to 100 MB more for it, and no less time: so the room
 * for the young grows once, and the old is swept when it has grown by a quarter. With less room for the young, what the
 * journal keeps for a moment would be taken for old. Node 20 to 26 ask for both each time.
 */
export function takeLittleMemory(): void {
  setFlagsFromString('--heap-growing-percent=25');
  setFlagsFromString('--semi-space-growth-factor=2');
  const timer = setInterval(() => {
    if (roomForTheYoung() < ENOUGH) return;
    setFlagsFromString('--semi-space-growth-factor=1');
    clearInterval(timer);
  }, MILLISECONDS).unref();
  // What a compiler has used is given back at once: left to another thread, it adds up to some 15 MB.
  const [major] = process.versions.node.split('.');
  if (Number(major) >= KNOWS_MAGLEV) setFlagsFromString('--no-maglev-destroy-on-background');
}

function roomForTheYoung(): number {
  const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
  return young ? young.space_used_size + young.space_available_size : 0;
}
