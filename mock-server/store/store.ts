/**
 * What the fake remembers. A driver implements this and passes tests/store.suite.ts; nothing else is asked of it.
 *
 * Values are JSON. A driver never shares memory with its caller: changing what was put in or taken out changes nothing.
 */
export interface Store {
  /** The named collection. The same name is always the same collection. */
  collection<T extends object>(name: string): Collection<T>;
  /** Forgets everything in every collection. */
  clear(): Promise<void>;
  /**
   * Every value of every collection, each collection's in the order of insertion; expired ones too where they are still
   * there, since the mock's time may be set back.
   */
  save(): Promise<StoredValue[]>;
  /** Forgets everything, then holds these. */
  restore(values: StoredValue[]): Promise<void>;
}

export interface StoredValue {
  collection: string;
  key: string;
  value: object;
  /** Milliseconds since the epoch; never if absent. */
  expiresAt?: number;
}

export interface Collection<T extends object> {
  get(key: string): Promise<T | undefined>;
  /** Every living value, in the order of insertion. */
  all(): Promise<T[]>;
  /** Adds a value; false, and nothing changed, if the key is taken. Of many callers exactly one gets true. */
  insert(key: string, value: T, options?: { expiresAt?: number }): Promise<boolean>;
  /** Puts a new value in the place of an old one; false, and nothing changed, if there is none. Its expiry stays unless given. */
  replace(key: string, value: T, options?: { expiresAt?: number }): Promise<boolean>;
  /** Removes and returns the value. Of many callers exactly one gets it. */
  remove(key: string): Promise<T | undefined>;
  /**
   * Living values by their keys, in the order of the keys' UTF-8 bytes (SQL: `WHERE key > ? ORDER BY key LIMIT ?` under
   * a binary collation). What it costs depends on how many are taken, not on how many there are.
   */
  range(range: KeyRange): Promise<Keyed<T>[]>;
}

export interface KeyRange {
  /** Only keys behind this one; it need not exist. */
  after?: string;
  /** Only keys in front of this one; it need not exist. */
  before?: string;
  limit: number;
  /** From the last key to the first. */
  reverse?: boolean;
}

export interface Keyed<T> {
  key: string;
  value: T;
}
