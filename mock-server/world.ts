/** A world is everything behind the socket: state, time, settings, providers. Namespaces are worlds beside the first. */
import type { RequestListener } from 'node:http';
import type { App } from './app.ts';
import { type Clock, createClock, createDate } from './clock.ts';
import { createFaults, type Faults } from './faults/faults.ts';
import { createIds, type Ids } from './ids.ts';
import type { RecordedExchange } from './journal/exchange.ts';
import { createJournal, type Journal } from './journal/journal.ts';
import { type Exchange, told } from './journal/told.ts';
import { secretsOf } from './journal/view.ts';
import { createKeys, type Keys } from './keys.ts';
import { createSecrets } from './masking/secrets.ts';
import type { Provider } from './provider.ts';
import { createProviders } from './providers.ts';
import type { RememberedAnswer } from './remembered/answer.ts';
import type { createMarks } from './remembered/question.ts';
import type { Recent } from './remembered/recent.ts';
import { rememberAnswers } from './remembered/serving.ts';
import type { Witness } from './remembered/witness.ts';
import type { Seed, SeedInput } from './seed.ts';
import { applySettings, defaultSettings, type Settings, type SettingsPatch } from './settings.ts';
import type { SignedTokens } from './signed-tokens.ts';
import { restoreState, saveState, type WorldState } from './state.ts';
import { createMemoryStore } from './store/memory.ts';
import { notingStore } from './store/noting.ts';
import type { Store } from './store/store.ts';

export interface WorldOptions {
  seed?: SeedInput;
  /** Makes ids, secrets, tokens' ids and the chance of faults the same in each run. */
  randomSeed?: number | string;
  settings?: SettingsPatch;
  /** `/account`, `/authorization/oauth2/clients` and sipgate's clients at `/oauth/token`. Default true. */
  shortForm?: boolean;
  /** A driver that passes the store suite, for each namespace one; the default remembers in this process. */
  store?: (now: () => number, namespace: string) => Store;
  /** Told of every exchange with the imitated APIs when it is over. */
  onExchange?: (exchange: Exchange) => void;
  /** False: every request takes the whole way, nothing is remembered of the one before. Answers are the same. */
  fastPath?: boolean;
}

/** One isolated copy of everything that the fake remembers, with its own time. */
export interface World {
  /** '' for the one that is addressed without a namespace. */
  namespace: string;
  /** Scheme, authority and prefix of the namespace. */
  origin: () => string;
  /** The same, but always where the fake itself listens. */
  address: () => string;
  /** Answers for the imitated APIs. */
  serve: RequestListener;
  clock: Clock;
  settings: Settings;
  providers: Provider[];
  store: Store;
  journal: Journal;
  faults: Faults;
  configure(patch: SettingsPatch): void;
  /** State, clock, settings, faults and journal as at the start; every issued token dead. */
  reset(): Promise<void>;
  save(): Promise<WorldState>;
  /** Back to what was saved, tokens and all. The journal stays. Throws an InputError that names the member. */
  restore(state: unknown): Promise<void>;
  /** Nobody's any more: those who wait on its clock go on, and nothing more is sent. */
  close(): void;
}

/** What all worlds of a server share. */
export interface Common {
  options: WorldOptions;
  app: App;
  seed: () => Seed;
  keys: Keys;
  /** Scopes that sipgate's OAuth scheme declares, with their descriptions. */
  scopes: Record<string, string>;
  shortForm: boolean;
  checkFault: (input: unknown) => void;
  /** Scheme and authority where the worlds are reached, once they are. */
  address: () => string;
  /** Told of every exchange as it was, secrets and all. */
  overheard?: (exchange: RecordedExchange) => void;
  answers: Recent<RememberedAnswer>;
  wasAsked: ReturnType<typeof createMarks>;
  signed: SignedTokens;
  witness: Witness;
  /** How often a world of a name was made, where there is a random seed. */
  made: Map<string, number>;
  /** A number that no state of any world had before. */
  nextState: () => number;
}

export async function createWorld(common: Common, namespace: string): Promise<World> {
  const { options, app, address, overheard } = common;
  const { randomSeed, onExchange, fastPath = true } = options;
  const prefix = namespace === '' ? '' : `/~${namespace}`;
  let state = common.nextState();
  const changes = () => {
    state = common.nextState();
  };
  const clock = createClock();
  const date = createDate(clock);
  const lasting = lastingIds(common, namespace);
  const secrets = createSecrets(lasting.bytes(16));
  // A store of somebody else's may change without a word.
  const remembers = fastPath && options.store === undefined;
  const seen = remembers ? common.witness.clock(clock) : clock;
  const store = notingStore(options.store?.(clock.now, namespace) ?? createMemoryStore(seen), secrets.note, changes);
  const ids = createIds(randomSeed);
  const settings = settingsOf(options);
  const keys = createKeys(common.keys.rsa);
  const origin = () => (settings.server.publicUrl || address()) + prefix;
  const { signed } = common;
  const surroundings = { clock: seen, store, signed, lasting, ids: remembers ? common.witness.ids(ids) : ids };
  const providers = createProviders(surroundings, { ...common, settings, keys, origin });
  const journal = createJournal(() => settings.server.journalSize, secrets);
  // A sequence of its own: faults do not change which ids the fake makes.
  const chance = createIds(randomSeed === undefined ? undefined : `${randomSeed}/chance`);
  const random = () => chance.bytes(4).readUInt32BE() / 2 ** 32;
  const faults = createFaults({ clock, random, check: common.checkFault, changed: changes });

  const seedAll = async () => {
    await store.clear();
    for (const provider of providers) await provider.seed();
  };
  await seedAll();
  const listener = (onExchange || overheard) && {
    onExchange: (recorded: RecordedExchange) => {
      overheard?.(recorded);
      onExchange?.(told(recorded, namespace, (text) => secrets.masker(secretsOf(recorded))(text)));
    },
  };
  const wholeWay = app.serve({
    ...{ providers, clock, date, settings: settings.server, origin: address, prefix, journal, faults, fastPath },
    withoutSecrets: (text, said) => secrets.masker(secretsOf(said))(text),
    ...listener,
  });
  const serve = remembers
    ? rememberAnswers(wholeWay.answer, {
        ...{ name: namespace, answers: common.answers, wasAsked: common.wasAsked },
        principalOf: wholeWay.principalOf,
        ...{ witness: common.witness, state: () => state },
        ...{ faults, clock, date, ids, settings: settings.server, journal, ...listener },
      })
    : wholeWay.answer;
  /** Whatever became of it: the state is another one. */
  const changing = async <Result>(act: () => Promise<Result>): Promise<Result> => {
    try {
      return await act();
    } finally {
      changes();
    }
  };
  const kept = { clock, ids, settings, store, providers, faults, keys };
  return {
    address: () => address() + prefix,
    ...{ namespace, origin, serve, clock, settings, providers, store, journal, faults },
    configure: (patch) => {
      applySettings(settings, patch);
      changes();
    },
    reset: () =>
      changing(async () => {
        faults.clear();
        clock.reset();
        ids.restart();
        chance.restart();
        applySettings(settings, settingsOf(options));
        changes();
        await seedAll();
        journal.clear();
      }),
    save: () => saveState(kept),
    restore: (saved) => changing(() => restoreState(saved, kept)),
    close: () => {
      faults.clear();
      for (const provider of providers) provider.close?.();
      clock.reset();
    },
  };
}

/** A sequence of each world's own, also where a namespace of the same name was there before. */
function lastingIds({ options: { randomSeed }, made }: Common, namespace: string): Ids {
  if (randomSeed === undefined) return createIds();
  const times = (made.get(namespace) ?? 0) + 1;
  made.set(namespace, times);
  return createIds(`${randomSeed}/${namespace}/${times}`);
}

/** Throws an InputError for a bad setting. */
export function settingsOf({ settings: patch = {} }: WorldOptions): Settings {
  const settings = defaultSettings();
  applySettings(settings, patch);
  return settings;
}
