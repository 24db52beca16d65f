/** A stable UUID for each client: Keycloak's inner id of it, and the subject of its service account. */
import { createHash } from 'node:crypto';

export const clientUuid = (clientId: string) =>
  createHash('sha256')
    .update(clientId)
    .digest('hex')
    .replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-8$4-$5');
