/** Codes and their exchanges, as a broken server reads and changes them. */
import { jsonAnswer, type WireAnswer, type WireRequest } from '../broken-server.ts';
import { both, formOf, isLoginToken, refuse, sends, type Which } from './token-wire.ts';

export const isExchange = both(isLoginToken, sends('grant_type', 'authorization_code'));
export const isAccount: Which = ({ path }) => path.startsWith('/v2/account');
/** One client of the REST API. */
export const isClient: Which = ({ path }) => /\/oauth2\/clients\/[^/]+$/.test(path);

export const codeOf = (request: WireRequest) => formOf(request).get('code') ?? '';

/** The code that a redirect gives to a client. */
export const codeIn = ({ headers }: WireAnswer) => /[?&#]code=([^&#]*)/.exec(headers.location ?? '')?.[1];

export const invalidGrant = () => jsonAnswer(400, { error: 'invalid_grant' });

/** Grants what was refused. */
export const accept = (answer: WireAnswer): void => {
  Object.assign(answer, jsonAnswer(200, { access_token: 'a.b.c', token_type: 'Bearer', expires_in: 300 }));
};

/** Refuses some exchanges that are good. */
export const refuseExchange = (which: Which) => refuse(both(isExchange, which), 400, 'invalid_grant');
