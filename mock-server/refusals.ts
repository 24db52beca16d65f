/** What was thrown on a request's way, as an error that its client is meant to see. */
import { ApiError, badRequest, methodNotAllowed, notFound, unsupportedMediaType } from './errors.ts';
import type { ApiRequest } from './provider.ts';

/** Undefined for what is no refusal but a bug in the fake. */
export function asApiError(thrown: unknown, { method, path }: ApiRequest): ApiError | undefined {
  if (thrown instanceof ApiError) return thrown;
  if (!(thrown instanceof Error) || !('status' in thrown)) return undefined;
  const { status, headers, errors } = thrown as ValidatorError;
  switch (status) {
    case 404:
      return notFound(`no operation at ${path}`);
    case 405:
      return methodNotAllowed(method, (headers?.Allow ?? '').split(', '));
    case 400:
      return badRequest(errors?.map(sentence).join('; ') ?? thrown.message);
    case 415:
      return unsupportedMediaType(thrown.message);
    default:
      return undefined;
  }
}

interface ValidatorError extends Error {
  status: number;
  headers?: Record<string, string>;
  errors?: { path: string; message: string }[];
}

const sentence = ({ path, message }: { path: string; message: string }) =>
  `${memberName(path)} ${message.startsWith('must have required property') ? 'is required' : message}`;

/** `/body/redirectUris/0` becomes `body.redirectUris[0]`. */
const memberName = (path: string) =>
  path
    .slice(1)
    .replace(/\/(\d+)(?=\/|$)/g, '[$1]')
    .replaceAll('/', '.');
