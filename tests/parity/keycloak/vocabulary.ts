/** What OpenID Connect servers make up by themselves: tokens, times, ids. Their form is compared, not their value. */
import { createHash } from 'node:crypto';
import type { Names } from '../../../contracts/difference/names.ts';
import type { Vocabulary } from '../../../contracts/difference/normal-form.ts';
import { BUILT_IN } from './realm.ts';

export const openIdVocabulary: Vocabulary = {
  read(name, value, body) {
    if (typeof value === 'string') return JWT.test(value) ? decode(value, body) : value;
    if (name === 'expires_in' || name === 'refresh_expires_in') return withoutSeconds(value);
    if (name === 'keys' && Array.isArray(value)) return keysByUse(value);
    return isClaims(value) ? withoutTimes(value, body) : value;
  },
  text,
};

const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;

function decode(token: string, body: Record<string, unknown>): unknown {
  const [header, claims] = token.split('.').map(readJson);
  return header && claims ? { header, claims: withoutTimes(claims, body) } : token;
}

/** A key set has no order (RFC 7517 §5). The key that signs first, so that it is the first to be named. */
const keysByUse = (keys: { use: string }[]) =>
  Object.fromEntries(keys.map((key): [string, object] => [key.use, key]).sort(([a], [b]) => b.localeCompare(a)));

/** Those of a token, which an introspection answers. */
const isClaims = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && typeof (value as Record<string, unknown>).iat === 'number';

function readJson(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** Seconds that a scenario may take on a busy machine. */
const MOMENT = 60;

/** Times count from `iat`, which is now; a hash is right or wrong. */
function withoutTimes(claims: Record<string, unknown>, body: Record<string, unknown>): Record<string, unknown> {
  const iat = Number(claims.iat);
  const ago = (time: unknown) => (Math.abs(iat - Number(time)) < MOMENT ? 'now' : `${iat - Number(time)} s before`);
  const rewrite: Record<string, (value: unknown) => unknown> = {
    iat: (value) => (Math.abs(Date.now() / 1000 - Number(value)) < MOMENT ? 'now' : 'some other time'),
    exp: (value) => withoutSeconds(Number(value) - iat),
    auth_time: ago,
    at_hash: (value) => (value === leftHash(String(body.access_token)) ? 'right' : 'wrong'),
  };
  return Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, rewrite[name]?.(value) ?? value]));
}

/** What began a moment ago has a second or two less to live. */
const withoutSeconds = (value: unknown) =>
  typeof value === 'number' && value > 100 ? Math.ceil(value / 60) * 60 : value;

/** OpenID Connect Core §3.1.3.6. */
const leftHash = (token: string) => createHash('sha256').update(token).digest().subarray(0, 16).toString('base64url');

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;

/** Names under which a value is the same throughout a story. */
const NAMED: Record<string, string> = { sid: 'sid', session_state: 'sid', sub: 'sub', kid: 'kid', nonce: 'nonce' };

function text(name: string, value: string, names: Names): string {
  if (name === 'scope') return scopes(value);
  if (name === 'code') return code(value, names);
  if (name === 'n') return '<modulus>';
  const kind = NAMED[name];
  if (kind !== undefined && name !== 'nonce') return names.of(kind, value);
  return value.replace(UUID, '<uuid>');
}

/**
 * A set (RFC 6749 §3.3): Keycloak writes `openid` first and the others in no order. The scope by which the realm was
 * given `sub` is Keycloak's way of dealing claims, and stands only where Keycloak itself reads it.
 */
const scopes = (value: string) =>
  value
    .split(' ')
    .filter((scope) => !BUILT_IN.includes(scope))
    .sort()
    .join(' ');

/** Keycloak's form: a UUID, the session, the client's own UUID. */
function code(value: string, names: Names): string {
  const [first = '', session = '', client = '', ...more] = value.split('.');
  if (more.length > 0 || client === '') return value;
  return [first.replace(UUID, '<uuid>'), names.of('sid', session), client.replace(UUID, '<uuid>')].join('.');
}
