/** Tokens that are issued with something wrong: as the API would sign them, or with a signature that is none. */
import type { Answer, Claims, Provider } from '../provider.ts';
import type { TokenFault } from './fault.ts';

/** Nobody's: the domain is reserved (RFC 2606 §2). */
const WRONG_ISSUER = 'https://wrong-issuer.invalid';

/** What becomes of the claims; a wrong signature leaves them alone. */
const CHANGES: Record<TokenFault, (claims: Claims) => Claims> = {
  expired: (claims) => ({ ...claims, exp: Number(claims.iat) - 1 }),
  'wrong-issuer': (claims) => ({ ...claims, iss: WRONG_ISSUER }),
  'narrower-scope': (claims) => ({ ...claims, scope: narrower(claims.scope) }),
  'wrong-signature': (claims) => claims,
};

/** Nothing but the first scope; of one scope nothing. */
function narrower(scope: unknown): string {
  const scopes = String(scope ?? '').split(' ');
  return scopes.length > 1 ? (scopes[0] ?? '') : '';
}

/** Whether the answer deals an access token. */
export const dealsToken = ({ status, body }: Answer): boolean =>
  status === 200 && typeof (body as { access_token?: unknown } | undefined)?.access_token === 'string';

/** The answer with another token; its other members stay, but for the scope where that is narrower. */
export async function spoilTokens(answer: Answer, fault: TokenFault, providers: Provider[]): Promise<Answer> {
  const body = { ...(answer.body as Record<string, unknown>) };
  for (const name of ['access_token', 'id_token']) {
    if (typeof body[name] === 'string') body[name] = await spoil(body[name], fault, providers);
  }
  if (fault === 'narrower-scope' && body.scope !== undefined) {
    body.scope = narrower(body.scope);
    // RFC 6749 §3.3: a scope has a character at least.
    if (body.scope === '') delete body.scope;
  }
  return { ...answer, body };
}

async function spoil(token: string, fault: TokenFault, providers: Provider[]): Promise<string> {
  if (fault === 'wrong-signature') return withWrongSignature(token);
  for (const { tokens } of providers) {
    const resigned = await tokens?.resign(token, CHANGES[fault]);
    if (resigned !== undefined) return resigned;
  }
  return token;
}

/** As long as the right one. */
function withWrongSignature(token: string): string {
  const dot = token.lastIndexOf('.') + 1;
  const bytes = Buffer.from(token.slice(dot), 'base64url').map((byte) => byte ^ 0xff);
  return token.slice(0, dot) + Buffer.from(bytes).toString('base64url');
}
