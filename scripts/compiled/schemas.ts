/** In the bundle this is what compile.ts makes, loaded when it is first asked. */

/** What Ajv makes of a schema. */
export type Validate = ((data: unknown) => boolean) & { errors?: object[] | null };

/** A new one each time: errors of the last call are kept at it. By the names that nameOf() gives. */
const schemas: Record<string, () => Validate> = {};

export default schemas;
