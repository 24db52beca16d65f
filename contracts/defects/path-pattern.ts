/** A path of openapi.yaml as broken servers recognise it in a request. */

/** Matches a path with its `{parameters}` filled in, whatever its query. */
export const pathPattern = (path: string): RegExp =>
  new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/?]*')}(?:\\?|$)`);
