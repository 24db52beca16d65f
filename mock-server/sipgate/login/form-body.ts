/** The form that a POST to the login server carries. */
import { contentTooLarge } from '../../errors.ts';
import { emptyForm, type Form, parseForm } from '../../forms.ts';
import type { ApiRequest } from '../../provider.ts';
import { brokenForm } from './errors.ts';

const FORM = 'application/x-www-form-urlencoded';

/** Measured. Bytes there, characters here. */
const LONGEST_VALUE = 131_072;
const MOST_PARAMETERS = 1_000;
/** Measured: needless ampersands count as a name that stands more than once. */
const TOO_MANY_EMPTY = 3;

/** Only a form body is read, never the query; any other body counts as none. The type's case counts (measured). */
export function readForm({ body }: ApiRequest): Form {
  if (body?.mediaType !== FORM) return emptyForm;
  const text = body.bytes.toString('utf8');
  const form = parseForm(text);
  if (!form) throw brokenForm('a percent sign in the form body is not followed by two hexadecimal digits');
  if (form.size > MOST_PARAMETERS) throw brokenForm(`the form has more than ${MOST_PARAMETERS} parameters`);
  if (form.longest > LONGEST_VALUE) throw contentTooLarge(LONGEST_VALUE);
  return text.split('&').filter((pair) => pair === '').length < TOO_MANY_EMPTY
    ? form
    : { ...form, duplicate: form.duplicate ?? '' };
}

/** Where a parameter that the form lacks may have gone. */
export function whyMissing(name: string, { body, query }: ApiRequest): string {
  if (query.has(name)) return `${name} is in the query; only the form body is read`;
  if (body && body.mediaType !== FORM) {
    const given = body.mediaType === '' ? 'has no Content-Type' : `is of type "${body.mediaType}"`;
    return `the body ${given}; only ${FORM} is read`;
  }
  return `Missing form parameter: ${name}`;
}
