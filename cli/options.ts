/** Where a flag's value comes from: the command line, then the environment, then the config file, then its default. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { CliError, EXIT } from './cli-error.ts';
import { type ConfigFile, readConfigFile } from './config-file.ts';

/** Fills in what the command line left open. Throws a CliError that names the variable or the file's member. */
export async function resolveOptions<T extends object>(
  command: Command,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<T & { settings?: unknown }> {
  const fromEnvironment = (option: Option) => {
    const name = `SIDETONE_${option.name().replaceAll('-', '_').toUpperCase()}`;
    const names = option.name() === 'port' ? [name, 'PORT'] : [name];
    return names.flatMap((variable) => {
      const text = environment[variable];
      return text === undefined || text === '' ? [] : [parseValue(option, text, variable)];
    })[0];
  };
  const file = await configOf(command, environment);
  for (const option of command.options) {
    const name = option.attributeName();
    if (command.getOptionValueSource(name) === 'cli') continue;
    const value = fromEnvironment(option) ?? file?.valueOf(option);
    if (value !== undefined) command.setOptionValue(name, value);
  }
  file?.refuseUnknown(command.options);
  return { ...command.opts(), ...(file?.settings !== undefined && { settings: file.settings }) } as T;
}

async function configOf(command: Command, environment: NodeJS.ProcessEnv): Promise<ConfigFile | undefined> {
  if (!command.options.some((option) => option.name() === 'config')) return undefined;
  const path = (command.getOptionValue('config') as string | undefined) ?? environment.SIDETONE_CONFIG;
  return path ? readConfigFile(path, parseValue) : undefined;
}

/** @param place what the value came from, for messages. */
export function parseValue(option: Option, text: string, place: string): unknown {
  // Commander does not count `--no-…` among its booleans.
  if (option.isBoolean() || option.negate) return parseBoolean(option, text, place);
  if (option.argChoices && !option.argChoices.includes(text)) {
    throw new CliError(`${place} must be one of ${option.argChoices.join(', ')}, not "${text}"`, EXIT.usage);
  }
  try {
    return option.parseArg ? option.parseArg(text, undefined as never) : text;
  } catch (error) {
    if (error instanceof InvalidArgumentError) throw new CliError(`${place}: ${error.message}`, EXIT.usage);
    throw error;
  }
}

/** `--no-admin` has the value false when it is on. */
function parseBoolean(option: Option, text: string, place: string): boolean {
  if (!['1', 'true', '0', 'false'].includes(text)) {
    throw new CliError(`${place} must be true or false, not "${text}"`, EXIT.usage);
  }
  const on = text === '1' || text === 'true';
  return option.negate ? !on : on;
}

export function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65535) throw new InvalidArgumentError(`"${text}" is no port; expected 0 to 65535`);
  return port;
}

export function parsePositive(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError(`"${text}" is no positive whole number`);
  return Number(text);
}

/** Milliseconds of a text such as `90s` or `2h`. */
export function parseDurationFlag(text: string): number {
  const [, count, unit] = /^(\d+)(ms|s|m|h|d)$/.exec(text) ?? [];
  const factor = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }[unit ?? ''];
  if (factor === undefined || Number(count) === 0) {
    throw new InvalidArgumentError(`"${text}" is no duration; expected e.g. 500ms, 30s, 5m, 2h`);
  }
  return Number(count) * factor;
}

/** An http or https URL, without a closing slash. */
export function parseUrl(text: string): string {
  if (!URL.canParse(text) || !/^https?:\/\/[^/]/.test(text)) {
    throw new InvalidArgumentError(`"${text}" is no http or https URL`);
  }
  const { username, password, search, hash } = new URL(text);
  if (username || password || search || hash) {
    throw new InvalidArgumentError('a URL with credentials, a query or a fragment is not taken');
  }
  return text.replace(/\/+$/, '');
}

/** Scheme and authority alone. */
export function parseOrigin(text: string): string {
  const url = parseUrl(text);
  if (new URL(url).origin !== url)
    throw new InvalidArgumentError(`"${text}" is no origin; expected e.g. https://fake.example:4010`);
  return url;
}

/** Several values, separated by commas or given again. */
export const collect = (text: string, before: string[]): string[] => [...(before ?? []), ...text.split(',')];

/** An option with a parser. */
export function option<T>(flags: string, description: string, parse?: (text: string, before: T) => T): Option {
  const made = new Option(flags, description);
  return parse ? made.argParser(parse) : made;
}
