/** Parameters of /oauth/…, read as Rails and Doorkeeper read them: form, JSON body, query. */
import { whyNoJson } from '../body.ts';
import { emptyForm, type Form, parseForm } from '../forms.ts';
import type { ApiRequest } from '../provider.ts';
import { malformedRequest } from './errors.ts';
import { type SipsimSettings, since } from './settings.ts';

/** Parameters of a request, wherever this version of the engine takes them from. */
export interface Parameters {
  /** Anything but credentials. */
  get(name: string): string | undefined;
  credential(name: string): string | undefined;
}

/** Rails merges body and query, the query winning (measured); Doorkeeper 6.0 takes credentials from a form body alone. */
export function readParameters({ body, query }: ApiRequest, settings: SipsimSettings): Parameters {
  const mediaType = body?.mediaType.toLowerCase();
  // Rack takes a POST without a Content-Type for a form.
  const isForm = mediaType === 'application/x-www-form-urlencoded' || mediaType === '';
  const form = body && isForm ? readForm(body.bytes) : emptyForm;
  const json = body && mediaType === 'application/json' ? readJson(body.bytes) : {};
  const get = (name: string) => query.getAll(name).at(-1) ?? form.last(name) ?? stringMember(json, name);
  return { get, credential: since(settings, '6.0') ? form.last : get };
}

function readForm(bytes: Buffer): Form {
  const form = parseForm(bytes.toString('utf8'));
  if (!form) throw malformedRequest('a percent sign in the form body is not followed by two hexadecimal digits');
  return form;
}

function readJson(bytes: Buffer): object {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8') || '{}');
    return typeof value === 'object' && value !== null ? value : {};
  } catch (cause) {
    throw malformedRequest(whyNoJson(cause));
  }
}

function stringMember(json: object, name: string): string | undefined {
  const value: unknown = Object.entries(json).find(([key]) => key === name)?.[1];
  return typeof value === 'string' ? value : undefined;
}
