/** Every setting of the fake, by group, and the one function that changes them from outside. */
import type { ServerSettings } from './app.ts';
import { InputError } from './input-error.ts';
import { defaultSipgateSettings, type SipgateSettings, sipgateSettingChoices } from './sipgate/settings.ts';
import { defaultSipsimSettings, type SipsimSettings, sipsimSettingChoices } from './sipsim/settings.ts';

export interface Settings {
  server: ServerSettings;
  sipgate: SipgateSettings;
  sipsim: SipsimSettings;
}

export type SettingsPatch = { [Group in keyof Settings]?: Partial<Settings[Group]> };

export const defaultSettings = (): Settings =>
  structuredClone({
    server: {
      reasonHeader: true,
      bodyLimit: 1_048_576,
      publicUrl: '',
      journal: true,
      journalSize: 1_000,
      journalBody: 65_536,
      plainHttp: 'refused' as const,
    },
    sipgate: defaultSipgateSettings,
    sipsim: defaultSipsimSettings,
  });

const choices: Record<string, Record<string, readonly (string | number)[]>> = {
  server: { plainHttp: ['refused', 'redirected'] },
  sipgate: sipgateSettingChoices,
  sipsim: sipsimSettingChoices,
};

/**
 * Changes settings in place, all of the patch or nothing. Throws an InputError that names the member and what it may be.
 */
export function applySettings(settings: Settings, patch: unknown): void {
  const groups = settings as unknown as Record<string, Record<string, unknown>>;
  const changes = membersOf('settings', patch).flatMap(([group, members]) => {
    const known = Object.hasOwn(groups, group) ? groups[group] : undefined;
    if (!known) throw new InputError(`settings.${group} is unknown; groups are: ${Object.keys(groups).join(', ')}`);
    return membersOf(`settings.${group}`, members).map(([name, value]) => {
      const current = Object.hasOwn(known, name) ? known[name] : undefined;
      checkValue(
        `settings.${group}.${name}`,
        current,
        value,
        current === undefined ? undefined : choices[group]?.[name],
      );
      return () => {
        known[name] = value;
      };
    });
  });
  for (const change of changes) change();
}

/** Throws an InputError that names the member if the patch is none. */
export const checkSettings = (patch: unknown): void => applySettings(defaultSettings(), patch);

function membersOf(path: string, value: unknown): [string, unknown][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InputError(`${path} must be an object`);
  }
  return Object.entries(value);
}

function checkValue(path: string, current: unknown, value: unknown, allowed?: readonly (string | number)[]): void {
  if (current === undefined) throw new InputError(`${path} is no setting`);
  if (allowed && !allowed.includes(value as string)) {
    throw new InputError(`${path} must be one of ${allowed.join(', ')}, not ${JSON.stringify(value)}`);
  }
  if (path === 'settings.server.publicUrl' && value !== '' && !isOrigin(value)) {
    throw new InputError(`${path} must be an origin such as https://fake.example:4010, not ${JSON.stringify(value)}`);
  }
  if (kindOf(value) !== kindOf(current)) {
    throw new InputError(`${path} must be ${kindOf(current)}, not ${JSON.stringify(value)}`);
  }
}

const isOrigin = (value: unknown) => URL.canParse(String(value)) && new URL(String(value)).origin === value;

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return value.every((item) => typeof item === 'string') ? 'a list of strings' : 'a list';
  if (typeof value === 'number') return Number.isInteger(value) && value >= 1 ? 'a positive integer' : 'a number';
  return `a ${typeof value}`;
}
