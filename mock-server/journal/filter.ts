/** Which exchanges a question is about. */
import { parseBasic, splitAuthorization } from '../credentials.ts';
import { InputError } from '../input-error.ts';
import { valuesOf } from '../request.ts';
import type { RecordedExchange } from './exchange.ts';

export interface RequestFilter {
  /** operationId, such as `sipsim.createToken`. */
  operation?: string;
  provider?: string;
  method?: string;
  /** Path without the query; a star stands for anything. */
  path?: string;
  status?: number;
  /** Client id, or token id of a personal access token. */
  client?: string;
  credential?: CredentialKind;
  /** Id of a fault, or `any`, or `none`. */
  fault?: string;
  /** Only what came after the exchange of this id. */
  after?: number;
}

export const CREDENTIAL_KINDS = ['none', 'basic', 'bearer', 'other'] as const;
export type CredentialKind = (typeof CREDENTIAL_KINDS)[number];

type Predicate = (exchange: RecordedExchange) => boolean;

const PREDICATES: { [Name in keyof RequestFilter]-?: (wanted: NonNullable<RequestFilter[Name]>) => Predicate } = {
  operation: (wanted) => (exchange) => exchange.operation === wanted,
  provider: (wanted) => (exchange) => exchange.provider === wanted,
  method: (wanted) => (exchange) => exchange.method === wanted.toUpperCase(),
  path: (wanted) => {
    const pattern = starPattern(wanted);
    return (exchange) => pattern.test(exchange.target.split('?')[0] ?? '');
  },
  status: (wanted) => (exchange) => exchange.answer?.status === wanted,
  client: (wanted) => (exchange) => clientOf(exchange) === wanted,
  credential: (wanted) => (exchange) => credentialKind(authorizationOf(exchange)) === wanted,
  fault: (wanted) => (exchange) =>
    wanted === 'any' ? exchange.fault !== undefined : (exchange.fault?.id ?? 'none') === wanted,
  after: (wanted) => (exchange) => exchange.id > wanted,
};

/** Throws an InputError for a member that is none. */
export function filterOf(filter: RequestFilter): Predicate {
  const predicates = Object.entries(filter).map(([name, wanted]) => {
    const make = Object.hasOwn(PREDICATES, name) ? PREDICATES[name as keyof RequestFilter] : undefined;
    if (!make) {
      throw new InputError(`"${name}" is nothing to look for; expected: ${Object.keys(PREDICATES).join(', ')}`);
    }
    return (make as (wanted: unknown) => Predicate)(wanted);
  });
  return (exchange) => predicates.every((predicate) => predicate(exchange));
}

/** Matches the whole text; a star stands for any characters. */
export const starPattern = (text: string) =>
  new RegExp(
    `^${text
      .split('*')
      .map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'))
      .join('.*')}$`,
    's',
  );

export function credentialKind(authorization: string | undefined): CredentialKind {
  if (authorization === undefined || authorization === '') return 'none';
  const { scheme } = splitAuthorization(authorization);
  return scheme === 'basic' || scheme === 'bearer' ? scheme : 'other';
}

export const authorizationOf = ({ rawHeaders }: RecordedExchange): string | undefined =>
  valuesOf('authorization', rawHeaders)[0];

/** Whose credential was good, or who the request says that it comes from. */
export function clientOf(exchange: RecordedExchange): string | undefined {
  return exchange.principal?.client ?? claimedClient(authorizationOf(exchange), () => exchange.body);
}

/** The user id of Basic, as it stands and as RFC 6749 §2.3.1 encodes it, or `client_id` of a form. */
export function claimedClient(
  authorization: string | undefined,
  body: () => { bytes: Buffer } | undefined,
): string | undefined {
  const { scheme, credentials } = splitAuthorization(authorization ?? '');
  const basic = scheme === 'basic' ? parseBasic(credentials, { padding: 'optional' }) : undefined;
  if (typeof basic === 'object' && basic.userId !== '') return decoded(basic.userId);
  const bytes = body()?.bytes;
  if (bytes === undefined || bytes.length > 65_536) return undefined;
  const clientId = /(?:^|&)client_id=([^&]*)/.exec(bytes.toString('latin1'))?.[1];
  return clientId === undefined ? undefined : decoded(clientId.replaceAll('+', ' '));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
