/** What interception may be told. */
import { InputError } from '../input-error.ts';
import { type Passage, parsePassage } from './passthrough.ts';

export interface InterceptOptions {
  /** Further names, in lower case, each with the vendor's host that the fake stands in for there. */
  hosts?: Record<string, string>;
  /** Hosts that are let through: `HOST`, `HOST:PORT`, or either with `=ADDRESS:PORT` for where it is reached. */
  passthrough?: string[];
  /** File for what is said to the vendors' hosts, and answered by them or by the fake; without credentials. */
  record?: string;
  /** Told of each authority that is refused; '' for what is none. */
  onRefused?: (authority: string) => void;
}

export interface CheckedOptions {
  hosts: Record<string, string>;
  passages: Passage[];
  record?: string;
  onRefused?: (authority: string) => void;
}

const NAMES = ['hosts', 'passthrough', 'record', 'onRefused'];

/** Undefined where interception is off. Throws an InputError that names the member. */
export function checkInterceptOptions(options: boolean | InterceptOptions | undefined): CheckedOptions | undefined {
  if (options === undefined || options === false) return undefined;
  const given = options === true ? {} : options;
  const unknown = Object.keys(given).find((name) => !NAMES.includes(name));
  if (unknown !== undefined) throw new InputError(`intercept has no option "${unknown}"`);
  const { hosts = {}, passthrough = [], record, onRefused } = given;
  return {
    ...{ hosts, passages: passthrough.map(parsePassage) },
    ...(record !== undefined && { record }),
    ...(onRefused && { onRefused }),
  };
}
