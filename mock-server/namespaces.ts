/** Worlds by name: made when a name is first used, freed when it is told or has been idle for long. */
import { InputError } from './input-error.ts';

export interface NamespaceOptions {
  /** How many may live at once. Default 1000. */
  limit?: number;
  /** Milliseconds of real time after which an unused one is freed. Default one hour. */
  idle?: number;
}

export interface NamespaceState {
  name: string;
  /** Real time, as ISO 8601. */
  createdAt: string;
  lastUsedAt: string;
  requests: number;
}

export interface Namespaces<World> {
  /** The namespace's world, made on first use. Rejects with a NamespaceRefused. */
  use(name: string): World | Promise<World>;
  list(): NamespaceState[];
  /** Those that are made. Looking at them is no use of them. */
  worlds(): World[];
  /** False if there is none of that name. */
  free(name: string): boolean;
  freeAll(): void;
  /** No namespace is freed for idleness any more, so that nothing keeps the process. */
  close(): void;
}

/** A namespace cannot be had: its name is none (400), or there are too many (503). */
export class NamespaceRefused extends Error {
  override name = 'NamespaceRefused';
  readonly status: 400 | 503;
  constructor(status: 400 | 503, message: string) {
    super(message);
    this.status = status;
  }
}

interface Lodger<World> {
  world: World | Promise<World>;
  createdAt: number;
  lastUsedAt: number;
  requests: number;
}

export const DEFAULT_LIMIT = 1_000;
export const DEFAULT_IDLE = 3_600_000;
/** Part of paths, of issuers and of file names in reports: no character of it needs an encoding anywhere. */
const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?$/;

/** @param options.make a new world; `free` is told when it is nobody's any more; `now` is real time. */
export function createNamespaces<World extends object>(
  options: NamespaceOptions & {
    make: (name: string) => Promise<World>;
    free: (world: World) => void;
    now?: () => number;
  },
): Namespaces<World> {
  const { limit = DEFAULT_LIMIT, idle = DEFAULT_IDLE, make, now = Date.now } = options;
  const lodgers = new Map<string, Lodger<World>>();

  const free = (name: string) => {
    const lodger = lodgers.get(name);
    if (!lodger) return false;
    lodgers.delete(name);
    // Whoever waits for it to be made is still served.
    void Promise.resolve(lodger.world).then(options.free, () => {});
    return true;
  };
  const freeIdle = () => {
    for (const [name, { lastUsedAt }] of lodgers) if (now() - lastUsedAt >= idle) free(name);
  };
  const timer = setInterval(freeIdle, Math.max(1_000, Math.min(60_000, idle / 2)));
  timer.unref();

  const admit = (name: string): Lodger<World> => {
    if (!NAME.test(name)) throw new NamespaceRefused(400, `"${name.slice(0, 80)}" is no name of a namespace: ${RULE}`);
    if (lodgers.size >= limit) freeIdle();
    if (lodgers.size >= limit) throw new NamespaceRefused(503, tooMany(limit));
    const world = make(name);
    const lodger: Lodger<World> = { world, createdAt: now(), lastUsedAt: now(), requests: 0 };
    lodgers.set(name, lodger);
    world.then(
      (made) => {
        lodger.world = made;
      },
      () => {
        if (lodgers.get(name) === lodger) lodgers.delete(name);
      },
    );
    return lodger;
  };

  return {
    use: (name) => {
      const lodger = lodgers.get(name) ?? admit(name);
      lodger.lastUsedAt = now();
      lodger.requests += 1;
      return lodger.world;
    },
    list: () =>
      [...lodgers].map(([name, { createdAt, lastUsedAt, requests }]) => ({
        name,
        createdAt: new Date(createdAt).toISOString(),
        lastUsedAt: new Date(lastUsedAt).toISOString(),
        requests,
      })),
    worlds: () => [...lodgers.values()].flatMap(({ world }) => (world instanceof Promise ? [] : [world])),
    free,
    freeAll: () => {
      for (const name of [...lodgers.keys()]) free(name);
    },
    close: () => clearInterval(timer),
  };
}

const RULE = '1 to 64 letters, digits, ".", "_", "-", the first and the last a letter or digit';
const tooMany = (limit: number) =>
  `there are ${limit} namespaces already, as many as may live at once; free one by DELETE /__admin/namespaces/{name}, ` +
  'or allow more by --namespaces';

/** Throws an InputError that names the option. */
export function checkNamespaceOptions(options: NamespaceOptions): void {
  for (const [name, value] of Object.entries(options)) {
    if (name !== 'limit' && name !== 'idle') throw new InputError(`namespaces has no option "${name}"`);
    if (!(Number.isInteger(value) && value > 0)) {
      throw new InputError(`namespaces.${name} must be a positive whole number, not ${JSON.stringify(value)}`);
    }
  }
}
