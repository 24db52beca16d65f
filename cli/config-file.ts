/** `--config FILE`: flags by name, and settings of the fake, in YAML or JSON. */
import type { Option } from 'commander';
import { CliError, EXIT } from './cli-error.ts';

export interface ConfigFile {
  /** Value of an option, if the file has one. */
  valueOf(option: Option): unknown;
  /** Throws for a member that is neither an option nor `settings`. */
  refuseUnknown(options: readonly Option[]): void;
  settings?: unknown;
}

type ParseValue = (option: Option, text: string, place: string) => unknown;

/** Throws a CliError that names the file, the line and the member. */
export async function readConfigFile(path: string, parseValue: ParseValue): Promise<ConfigFile> {
  const { readLocatedFile } = await import('../mock-server/index.ts');
  const file = await readLocatedFile(path).catch((error: Error) => {
    throw new CliError(error.message, EXIT.usage);
  });
  const members = file.value;
  if (typeof members !== 'object' || members === null || Array.isArray(members)) {
    throw new CliError(`${path}: expected an object of flags`, EXIT.usage);
  }
  const entries = members as Record<string, unknown>;
  return {
    valueOf: (option) => {
      // `--no-admin` may be said as `no-admin: true` or as `admin: false`.
      const name = option.name();
      if (name in entries) return parseValue(option, String(entries[name]), file.place([name]));
      const plain = option.attributeName();
      if (!(plain in entries)) return undefined;
      if (option.negate) return entries[plain] === true;
      return parseValue(option, String(entries[plain]), file.place([plain]));
    },
    refuseUnknown: (options) => {
      const known = [...options.flatMap((option) => [option.name(), option.attributeName()]), 'settings'];
      const unknown = Object.keys(entries).find((name) => !known.includes(name));
      if (unknown !== undefined) throw new CliError(`${file.place([unknown])} is no flag`, EXIT.usage);
    },
    ...(entries.settings !== undefined && { settings: entries.settings }),
  };
}
