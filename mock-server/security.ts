/** Decides from `security` in openapi.yaml whether a request may pass. Alternatives mean OR, members of one mean AND. */
import { forbidden, NOT_OURS, unauthorized } from './errors.ts';
import type { ApiRequest, Authentication, Authenticator, Principal } from './provider.ts';

export interface SecurityOptions {
  /** `security` of the operation; empty where no credential is needed. */
  alternatives: Record<string, string[]>[];
  schemes: Record<string, Authenticator>;
  /** `type` of a security scheme in the document. */
  typeOf: (scheme: string) => string | undefined;
}

interface Outcome {
  scheme: string;
  authentication: Authentication;
}

/** The principal whose scopes satisfy one alternative. Throws 401 or 403. */
export async function authorize(request: ApiRequest, options: SecurityOptions): Promise<Principal | undefined> {
  const { alternatives, schemes } = options;
  if (alternatives.length === 0) return undefined;
  // RFC 9110 §5.3: it is no list; proxies join two lines, and then neither is a credential.
  if (request.authorization.length > 1) throw unauthorized('more than one Authorization header', true);
  const outcomes: Outcome[] = [];
  for (const demands of demandsOf(alternatives)) {
    for (const { scheme } of demands) {
      if (outcomeOf(scheme, outcomes)) continue;
      const authenticate = schemes[scheme];
      if (!authenticate) throw new Error(`no provider authenticates the security scheme "${scheme}"`);
      outcomes.push({ scheme, authentication: await authenticate(request) });
    }
    const principal = satisfies(demands, outcomes);
    if (principal) return principal;
  }
  throw refusal(request, options, outcomes);
}

function outcomeOf(scheme: string, outcomes: Outcome[]): Authentication | undefined {
  for (const outcome of outcomes) if (outcome.scheme === scheme) return outcome.authentication;
  return undefined;
}

/** Of one alternative: schemes and the scopes that each has to have. */
type Demands = { scheme: string; scopes: string[] }[];

/** An operation's are the same at each request. */
const read = new WeakMap<object, Demands[]>();

function demandsOf(alternatives: SecurityOptions['alternatives']): Demands[] {
  const known = read.get(alternatives);
  if (known) return known;
  const demands = alternatives.map(demandsOfOne);
  read.set(alternatives, demands);
  return demands;
}

const demandsOfOne = (alternative: Record<string, string[]>): Demands =>
  Object.entries(alternative).map(([scheme, scopes]) => ({ scheme, scopes }));

function satisfies(demands: Demands, outcomes: Outcome[]): Principal | undefined {
  let first: Principal | undefined;
  for (const { scheme, scopes } of demands) {
    const outcome = outcomeOf(scheme, outcomes);
    if (outcome?.kind !== 'accepted') return undefined;
    const { principal } = outcome;
    if (!scopes.every((scope) => principal.scopes.includes(scope))) return undefined;
    first ??= principal;
  }
  return first;
}

function refusal(request: ApiRequest, { alternatives, typeOf }: SecurityOptions, outcomes: Outcome[]) {
  const judged = outcomes.map(({ scheme, authentication }) => ({ scheme, ...authentication }));
  const accepted = judged.find((outcome) => outcome.kind === 'accepted');
  if (accepted?.kind === 'accepted') {
    const wanted = [...new Set(alternatives.flatMap((alternative) => alternative[accepted.scheme] ?? []))];
    const { scopes } = accepted.principal;
    const has = scopes.join(', ') || 'none';
    return forbidden(`needs one of: ${wanted.join(', ')}; the credential has: ${has}`, wanted, scopes);
  }
  // Where several schemes judge one token, the one that recognised it (expired, revoked) knows best.
  const refused = judged.filter((outcome) => outcome.kind === 'refused');
  const telling = refused.find(({ reason }) => reason !== NOT_OURS) ?? refused[0];
  if (!telling) return unauthorized(whyAbsent(request), false);
  return unauthorized(telling.reason, typeOf(telling.scheme) === 'oauth2', telling.description);
}

function whyAbsent({ authorization }: ApiRequest): string {
  const [value] = authorization;
  if (value === undefined || value === '') return 'no credentials';
  // Named only if it looks like a scheme: a forgotten "Bearer " would put the token itself here.
  const scheme = /^([A-Za-z][A-Za-z-]{0,15}) /.exec(value)?.[1];
  return scheme === undefined
    ? 'the Authorization header names no scheme, such as "Bearer "'
    : `the Authorization scheme "${scheme}" is not one of this operation's`;
}
