/** The whole state of a world as JSON, and back. */
import type { Clock, ClockState } from './clock.ts';
import type { FaultState } from './faults/fault.ts';
import type { Faults } from './faults/faults.ts';
import type { Ids } from './ids.ts';
import { InputError } from './input-error.ts';
import type { Keys } from './keys.ts';
import type { Provider } from './provider.ts';
import { applySettings, checkSettings, type Settings } from './settings.ts';
import type { Store, StoredValue } from './store/store.ts';

/** It holds secrets and the key that signs tokens: without them nothing that was issued would be known again. */
export interface WorldState {
  /** Of this form. */
  sidetoneState: 1;
  clock: ClockState;
  settings: Settings;
  store: StoredValue[];
  /** By provider: what it remembers outside the store. */
  memory: Record<string, Record<string, string>>;
  faults: FaultState[];
  /** PEM (PKCS #8). */
  signingKey: string;
  /** Where the sequence of ids is, under a random seed. */
  ids?: number;
}

export interface Kept {
  clock: Clock;
  ids: Ids;
  settings: Settings;
  store: Store;
  providers: Provider[];
  faults: Faults;
  keys: Keys;
}

export async function saveState({ clock, ids, settings, store, providers, faults, keys }: Kept): Promise<WorldState> {
  const memory = providers.flatMap(({ name, memory }) => (memory ? [[name, memory.save()] as const] : []));
  const position = ids.position();
  return {
    sidetoneState: 1,
    clock: clock.state(),
    settings: structuredClone(settings),
    store: await store.save(),
    memory: Object.fromEntries(memory),
    faults: faults.list(),
    signingKey: await keys.save(),
    ...(position !== undefined && { ids: position }),
  };
}

/** All or nothing, as far as one can see beforehand. */
export async function restoreState(given: unknown, kept: Kept): Promise<void> {
  const state = checked(given);
  const { clock, ids, settings, store, providers, faults, keys } = kept;
  try {
    keys.restore(state.signingKey);
  } catch (cause) {
    throw new InputError('state.signingKey is no private key in PEM', { cause });
  }
  clock.restore(state.clock);
  faults.restore(state.faults);
  applySettings(settings, state.settings);
  if (state.ids !== undefined) ids.resume(state.ids);
  await store.restore(state.store);
  for (const { name, memory } of providers) memory?.restore(state.memory[name] ?? {});
}

const MEMBERS: Record<string, (value: unknown) => boolean> = {
  clock: isObject,
  settings: isObject,
  store: (value) => Array.isArray(value) && value.every(isStoredValue),
  memory: isObject,
  faults: (value) => Array.isArray(value) && value.every((fault) => isObject(fault) && typeof fault.id === 'string'),
  signingKey: (value) => typeof value === 'string',
};

function checked(given: unknown): WorldState {
  if (!isObject(given) || given.sidetoneState !== 1) {
    throw new InputError('the state must be one that GET /__admin/state gave ("sidetoneState": 1)');
  }
  const wrong = Object.entries(MEMBERS).find(([name, valid]) => !valid(given[name]));
  if (wrong) throw new InputError(`state.${wrong[0]} is missing or not as it was saved`);
  checkSettings(given.settings);
  return given as unknown as WorldState;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const isStoredValue = (value: unknown) =>
  isObject(value) && typeof value.collection === 'string' && typeof value.key === 'string' && isObject(value.value);
