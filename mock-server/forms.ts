/** Reads `application/x-www-form-urlencoded` bodies without losing what a server may have to refuse. */

export interface Form {
  /** First value of each name. */
  get(name: string): string | undefined;
  /** Last value of each name. */
  last(name: string): string | undefined;
  /** A name that stands more than once, if there is one. */
  duplicate: string | undefined;
  /** Number of parameters. */
  size: number;
  /** Length of the longest value, in characters. */
  longest: number;
}

/** Undefined if the text is broken: a percent sign without two hexadecimal digits. */
export function parseForm(text: string): Form | undefined {
  if (/%(?![0-9A-Fa-f]{2})/.test(text)) return undefined;
  return formOf(new URLSearchParams(text));
}

/** The same for what is decoded already. */
export function formOf(parameters: URLSearchParams): Form {
  const values = new Map<string, string>();
  const lastValues = new Map<string, string>();
  let duplicate: string | undefined;
  let [size, longest] = [0, 0];
  for (const [name, value] of parameters) {
    size += 1;
    longest = Math.max(longest, value.length);
    lastValues.set(name, value);
    if (values.has(name)) duplicate ??= name;
    else values.set(name, value);
  }
  return { get: (name) => values.get(name), last: (name) => lastValues.get(name), duplicate, size, longest };
}

export const emptyForm: Form = {
  get: () => undefined,
  last: () => undefined,
  duplicate: undefined,
  size: 0,
  longest: 0,
};
