/**
 * What stands in the bundle for the validator's compilers: loading them and compiling one answer's schema is a tenth of
 * a start, and all schemas of the document are compiled when it is built. For any other, which there should not be, the
 * validator's own compiler is made.
 */
import schemas, { type Validate } from './schemas.ts';

/** As much of Ajv as the validator asks of it. */
export interface Compiler {
  getSchema(key: string): Validate | undefined;
  addSchema(schema: object, key: string): void;
  errorsText(errors: SchemaError[], options: { dataVar: string }): string;
}

interface SchemaError {
  instancePath: string;
  message?: string;
}

export type MakeCompiler = (document: object, options: object) => Compiler;

/** All of it: what it means depends on who compiles it. The paths are where references are looked up, and there are none. */
export const nameOf = (kind: string, options: object, schema: object): string =>
  JSON.stringify([kind, options, { ...schema, paths: undefined }]);

/** @param kind the member of the validator's module that makes them. */
export function compilerOf<Kind extends string>(made: Record<Kind, MakeCompiler>, kind: Kind): MakeCompiler {
  return (document, options) => {
    const known = new Map<string, Validate>();
    let own: Compiler | undefined;
    return {
      getSchema: (key) => known.get(key) ?? own?.getSchema(key),
      addSchema: (schema, key) => {
        const compiled = schemas[nameOf(kind, options, schema)];
        if (compiled) {
          known.set(key, compiled());
          return;
        }
        own ??= made[kind](document, options);
        own.addSchema(schema, key);
      },
      errorsText,
    };
  };
}

/** As Ajv says it. */
function errorsText(errors: SchemaError[], { dataVar }: { dataVar: string }): string {
  if (errors.length === 0) return 'No errors';
  return errors.map(({ instancePath, message }) => `${dataVar}${instancePath} ${message}`).join(', ');
}
