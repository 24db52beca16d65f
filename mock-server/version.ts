/** The package's own version. */
import { createRequire } from 'node:module';

export const version: string = (createRequire(import.meta.url)('sidetone/package.json') as { version: string }).version;
