/** The worlds of one server: what they share is made once, because it does not change from world to world. */
import { createApp } from './app.ts';
import { createClock } from './clock.ts';
import { type ApiDocument, declaredScopes, loadDocument, withoutProvider } from './document.ts';
import { createFaultCheck } from './faults/check.ts';
import { createIds } from './ids.ts';
import { createKeys, type Keys, seededKeys } from './keys.ts';
import { createNamespaces, type NamespaceOptions, type Namespaces } from './namespaces.ts';
import { once } from './once.ts';
import { createProviders } from './providers.ts';
import { createMarks } from './remembered/question.ts';
import { createRecent } from './remembered/recent.ts';
import { createWitness } from './remembered/witness.ts';
import { resolveSeed, type Seed, type SeedInput } from './seed.ts';
import { defaultSettings } from './settings.ts';
import { SHORT_FORM } from './short-form.ts';
import { createSignedTokens, plainlySigned } from './signed-tokens.ts';
import { createMemoryStore } from './store/memory.ts';
import type { StoredValue } from './store/store.ts';
import { type Common, createWorld, settingsOf, type World, type WorldOptions } from './world.ts';

export interface Worlds {
  /** The world without a name. */
  root: World;
  namespaces: Namespaces<World>;
  keys: Keys;
  /** What the first request would wait for. */
  load(): Promise<unknown>;
  seed(): Seed;
  /**
   * From now on this seed. What differs from the one before changes in every world at once, and nothing else does: what
   * was made and issued meanwhile stays. Resolves with a line for each difference.
   */
  reseed(input: SeedInput): Promise<string[]>;
}

/** All that follows from the document alone. */
function readFrom(document: ApiDocument): Pick<Common, 'app' | 'checkFault' | 'scopes'> {
  const scopes = Object.freeze(declaredScopes(document, 'sipgateOAuth'));
  return { app: createApp(document), checkFault: createFaultCheck(), scopes };
}

// The document is the package's own and never changes, so what was made of it serves every mock of the process. Of a mock
// nothing is kept there.
const whole = once(() => readFrom(loadDocument()));
const withoutShortForm = once(() => readFrom(withoutProvider(loadDocument(), SHORT_FORM)));

/** What is remembered of finished answers, in all worlds together. */
const ANSWERS = { count: 4_000, size: 8 * 1024 * 1024 };

/** @param address scheme and authority where the worlds are reached, once they are. Throws an InputError. */
export async function createWorlds(
  options: WorldOptions & { namespaces?: NamespaceOptions },
  address: () => string,
  overheard?: Common['overheard'],
): Promise<Worlds> {
  const { shortForm = true } = options;
  let seed = resolveSeed(options.seed);
  settingsOf(options);
  let states = 0;
  const common: Common = {
    ...{ options, shortForm, address },
    ...(overheard && { overheard }),
    seed: () => seed,
    keys: keysOf(options),
    ...(shortForm ? whole() : withoutShortForm()),
    answers: createRecent(ANSWERS),
    wasAsked: createMarks(),
    signed: options.fastPath === false ? plainlySigned() : createSignedTokens(),
    witness: createWitness(),
    made: new Map(),
    nextState: () => {
      states += 1;
      return states;
    },
  };
  const root = await createWorld(common, '');
  const living = new Set([root]);
  const namespaces = createNamespaces<World>({
    ...options.namespaces,
    make: async (name) => {
      const world = await createWorld(common, name);
      living.add(world);
      return world;
    },
    free: (world) => {
      living.delete(world);
      world.close();
    },
  });
  const reseed = async (input: SeedInput) => {
    const next = resolveSeed(input);
    const [before, after] = [await seededValues(common), await seededValues({ ...common, seed: () => next })];
    seed = next;
    const changes = changesOf(before, after);
    for (const { store } of living) {
      for (const { value, was } of changes) await apply(store.collection(was.collection), was.key, value);
    }
    return changes.map(({ was, what }) => `${was.collection}: ${was.key} ${what}`);
  };
  return { root, namespaces, keys: common.keys, load: common.app.load, seed: () => seed, reseed };
}

const keysOf = ({ randomSeed }: WorldOptions): Keys =>
  randomSeed === undefined ? createKeys() : seededKeys(createIds(`${randomSeed}/key`).bytes);

/** What a seed comes to in a store: only the providers know. */
async function seededValues(common: Common): Promise<StoredValue[]> {
  const clock = createClock();
  const store = createMemoryStore(clock);
  const ids = createIds();
  const surroundings = { clock, store, ids, lasting: ids, signed: plainlySigned() };
  const providers = createProviders(surroundings, { ...common, settings: defaultSettings(), origin: common.address });
  for (const provider of providers) await provider.seed();
  return store.save();
}

interface Change {
  was: Pick<StoredValue, 'collection' | 'key'>;
  /** Undefined for what is there no more. */
  value: object | undefined;
  what: 'added' | 'changed' | 'removed';
}

function changesOf(before: StoredValue[], after: StoredValue[]): Change[] {
  const nameOf = ({ collection, key }: StoredValue) => `${collection}\n${key}`;
  const old = new Map(before.map((stored) => [nameOf(stored), stored]));
  const kept = new Set(after.map(nameOf));
  const put = after.flatMap((stored): Change[] => {
    const was = old.get(nameOf(stored));
    if (was && JSON.stringify(was.value) === JSON.stringify(stored.value)) return [];
    return [{ was: stored, value: stored.value, what: was ? 'changed' : 'added' }];
  });
  const removed = before.filter((stored) => !kept.has(nameOf(stored)));
  return [...put, ...removed.map((was): Change => ({ was, value: undefined, what: 'removed' }))];
}

async function apply(collection: ReturnType<World['store']['collection']>, key: string, value: object | undefined) {
  if (value === undefined) await collection.remove(key);
  else if (!(await collection.replace(key, value))) await collection.insert(key, value);
}
