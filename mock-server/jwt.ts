/** Looks into JWTs (RFC 7519) without judging them: jose does both at once, and a token is looked at more often. */
export interface Jwt {
  header: Readonly<Record<string, unknown>>;
  claims: JwtClaims;
}

/** As jose types them, which the package does not bring along. */
export interface JwtClaims {
  iss?: string;
  sub?: string;
  aud?: string | string[];
  jti?: string;
  nbf?: number;
  exp?: number;
  iat?: number;
  [claim: string]: unknown;
}

/** Tokens of one kind and key have the same. */
let lastHeader: { text: string; value: Readonly<Record<string, unknown>> } | undefined;

/** Of a compact serialization (RFC 7515 §7.1), whatever its signature; undefined for what is none. */
export function readJwt(token: string): Jwt | undefined {
  const [header = '', claims = '', ...rest] = token.split('.');
  if (rest.length !== 1) return undefined;
  try {
    if (header !== lastHeader?.text) lastHeader = { text: header, value: Object.freeze(objectOf(header)) };
    return { header: lastHeader.value, claims: objectOf(claims) as JwtClaims };
  } catch {
    return undefined;
  }
}

/** Throws for what is no JSON object in base64url. */
function objectOf(text: string): Record<string, unknown> {
  const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('no JSON object');
  return value as Record<string, unknown>;
}
