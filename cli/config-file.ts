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
  const { checkSettings, readLocatedFile } = await import('../mock-server/index.ts');
  const file = await readLocatedFile(path).catch((error: Error) => {
    throw new CliError(error.message, EXIT.usage);
  });
  const members = file.value;
  if (typeof members !== 'object' || members === null || Array.isArray(members)) {
    throw new CliError(`${path}: expected an object of flags`, EXIT.usage);
  }
  const entries = members as Record<string, unknown>;
  if (entries.settings !== undefined) {
    try {
      checkSettings(entries.settings);
    } catch (error) {
      throw new CliError(placed(file, (error as Error).message), EXIT.usage);
    }
  }
  return {
    valueOf: (option) => {
      const name = namesOf(option).find((candidate) => candidate in entries);
      if (name === undefined) return undefined;
      // `--no-admin` may be said as `no-admin: true` or as `admin: false`.
      const turned = option.negate && name !== option.name();
      const value = parseValue(option, String(entries[name]), file.place([name]));
      return turned ? !value : value;
    },
    refuseUnknown: (options) => {
      const known = ['settings', ...options.flatMap(namesOf)];
      const unknown = Object.keys(entries).find((name) => !known.includes(name));
      if (unknown === undefined) return;
      throw new CliError(
        `${file.place([unknown])} is no flag; settings of the fake stand under "settings"`,
        EXIT.usage,
      );
    },
    ...(entries.settings !== undefined && { settings: entries.settings }),
  };
}

/** As on the command line, in camel case, and without the `no-`. */
const namesOf = (option: Option) => [option.name(), option.attributeName(), option.name().replace(/^no-/, '')];

/** A message that begins with a member, with the place of the member in front. */
function placed(file: { place(member: string[]): string }, message: string): string {
  const member = /^[\w.]+/.exec(message)?.[0] ?? '';
  return file.place(member.split('.')) + message.slice(member.length);
}
