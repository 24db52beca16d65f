/** How Keycloak cleans `grant_type` and `scope`: control characters are dropped, they do not split (measured). */
export const withoutControls = <T extends string | undefined>(value: T): T =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  value?.replace(/[\x00-\x1f\x7f]/g, '') as T;
