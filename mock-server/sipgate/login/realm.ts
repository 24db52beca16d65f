/** The realms of the login server. */
import type { ApiRequest } from '../../provider.ts';
import { REALMS } from '../seed.ts';
import { realmNotFound } from './errors.ts';

/** Realm of a request's path; an unknown one is 404 before anything else is looked at. */
export function realmOf({ params }: ApiRequest): string {
  const realm = REALMS.find((name) => name === params.realm);
  if (realm === undefined) throw realmNotFound(`no realm "${params.realm}"; there are: ${REALMS.join(', ')}`);
  return realm;
}
