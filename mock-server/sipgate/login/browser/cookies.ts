/** The login server's cookies, by Keycloak's names. */
import { parseCookie, stringifySetCookie } from 'cookie';
import type { ApiRequest } from '../../../provider.ts';
import { issuerOf } from '../signatures.ts';

export const AUTH_SESSION = 'AUTH_SESSION_ID';
export const AUTH_SESSION_HASH = 'KC_AUTH_SESSION_HASH';
export const RESTART = 'KC_RESTART';
export const IDENTITY = 'KEYCLOAK_IDENTITY';
export const SESSION = 'KEYCLOAK_SESSION';

export const readCookie = ({ headers: { cookie = '' } }: ApiRequest, name: string): string | undefined =>
  parseCookie(cookie)[name];

export interface CookieOptions {
  /** Seconds; until the browser is closed if absent. */
  maxAge?: number;
  /** Whether scripts may read it. */
  scripts?: boolean;
}

/**
 * Keycloak's attributes on https. On plain http it leaves `Secure` away and so must have `SameSite=Lax`, but for
 * localhost, which it takes for secure; many HTTP clients do not, so http is http here.
 */
export function cookie(
  name: string,
  value: string,
  where: { request: ApiRequest; realm: string },
  { maxAge, scripts = false }: CookieOptions = {},
): string {
  const issuer = new URL(issuerOf(where.request.origin, where.realm));
  const secure = issuer.protocol === 'https:';
  return stringifySetCookie({
    name,
    value,
    path: `${issuer.pathname}/`,
    httpOnly: !scripts,
    secure,
    sameSite: secure ? 'none' : 'lax',
    ...(maxAge !== undefined && { maxAge }),
  });
}

export const expired = (name: string, where: { request: ApiRequest; realm: string }) =>
  cookie(name, '', where, { maxAge: 0, scripts: true });
