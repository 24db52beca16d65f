/** sipgate's login server: Proof Key for Code Exchange (RFC 7636). The rows of the authorization endpoint are in authorization-refusals.ts. */
import { createHash } from 'node:crypto';
import { checksOf } from '../../check.ts';
import type { Reply } from '../../client.ts';
import { expectEqual, expectOAuthError, expectStatus } from '../../expect.ts';
import type { Session } from '../../session.ts';
import type { FormChange } from '../../token-endpoint/endpoint.ts';
import { expectLoginPage } from './authorization-answers.ts';
import { exchange, freshCode, obtain } from './authorization-flow.ts';
import { authorize, publicClient } from './authorization-request.ts';
import { createBrowser } from './browser.ts';
import { KEYCLOAK, loginEndpoint } from './endpoint.ts';

/** RFC 7636 App. B. */
const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';
const S256 = { code_challenge: CHALLENGE, code_challenge_method: 'S256' };
const PLAIN = { code_challenge: VERIFIER, code_challenge_method: 'plain' };

const s256 = (verifier: string) => ({
  code_challenge: createHash('sha256').update(verifier).digest('base64url'),
  code_challenge_method: 'S256',
});

/** Exchanges a code that was asked for with `challenge`, with this verifier; without one if it is undefined. */
const prove = async (session: Session, challenge: FormChange, code_verifier: string | undefined): Promise<Reply> =>
  exchange(session, await freshCode(session, challenge), { code_verifier });

/** Too short, too long, not of the alphabet (RFC 7636 §4.1): each is right by its hash. */
const MALFORMED = ['a'.repeat(42), 'a'.repeat(129), `${'a'.repeat(42)}+`, `${'a'.repeat(42)} `, ''];

const WORDS: [challenge: FormChange, verifier: string | undefined, words: string][] = [
  [S256, undefined, 'PKCE code verifier not specified'],
  [S256, 'a'.repeat(42), 'PKCE verification failed: Invalid code verifier'],
  [S256, 'a'.repeat(43), 'PKCE verification failed: Code mismatch'],
  [{}, VERIFIER, 'PKCE code verifier specified but challenge not present in authorization'],
];

/** Checks of challenge and verifier. */
export const loginPkceChecks = checksOf(
  {
    provider: 'sipgate',
    operation: loginEndpoint.operation,
    evidence: 'engine',
    risk: 'write',
    needs: ['sipgate.client', 'sipgate.pat', 'sipgate.user'],
  },
  [
    {
      id: 'sipgate.PKC-01',
      title: "The verifier of the RFC's example is good for its challenge by S256, and so are 43 and 128 characters",
      level: 'MUST',
      clause: 'RFC 7636 §4.1, §4.6, App. B',
      run: async (session) => {
        expectStatus(await prove(session, S256, VERIFIER), 200);
        for (const verifier of ['a'.repeat(43), `${'Az09-._~'.repeat(16)}`]) {
          expectStatus(await prove(session, s256(verifier), verifier), 200);
        }
      },
    },
    {
      id: 'sipgate.PKC-02a',
      title: 'Another verifier is 400 invalid_grant',
      level: 'MUST',
      clause: 'RFC 7636 §4.6',
      run: async (session) => expectOAuthError(await prove(session, S256, 'a'.repeat(43)), 400, 'invalid_grant'),
    },
    {
      id: 'sipgate.PKC-02b',
      title: 'The challenge of S256, which everybody sees, is no verifier: 400 invalid_grant',
      level: 'MUST',
      clause: 'RFC 7636 §4.6, §7.2',
      run: async (session) => expectOAuthError(await prove(session, S256, CHALLENGE), 400, 'invalid_grant'),
    },
    {
      id: 'sipgate.PKC-03',
      title: 'A challenge without a verifier is 400 invalid_grant',
      level: 'MUST',
      clause: 'RFC 7636 §4.6, RFC 9700 §2.1.1',
      run: async (session) => expectOAuthError(await prove(session, S256, undefined), 400, 'invalid_grant'),
    },
    {
      id: 'sipgate.PKC-04',
      title: 'A verifier without a challenge is 400 invalid_grant: somebody took the challenge out of the request',
      level: 'MUST',
      clause: 'RFC 9700 §2.1.1, §4.8.2',
      run: async (session) => {
        for (const verifier of [VERIFIER, '']) {
          expectOAuthError(await prove(session, {}, verifier), 400, 'invalid_grant');
        }
      },
    },
    {
      id: 'sipgate.PKC-05',
      title:
        'A verifier that is too short, too long or of other characters is 400 invalid_grant, though its hash is right',
      level: 'SHOULD',
      clause: `RFC 7636 §4.1; the code as ${KEYCLOAK}`,
      run: async (session) => {
        for (const verifier of MALFORMED) {
          expectOAuthError(await prove(session, s256(verifier), verifier), 400, 'invalid_grant');
        }
      },
    },
    {
      id: 'sipgate.PKC-07',
      title: 'A public client may do without PKCE',
      operation: 'sipgate.authorize',
      level: 'PARITY',
      clause: `${KEYCLOAK}; deviates from RFC 9700 §2.1.1`,
      // That its redirect URI is registered is known of the fake alone.
      risk: 'mock-only',
      needs: [],
      run: async (session) => expectLoginPage(await authorize(session, publicClient)),
    },
    {
      id: 'sipgate.PKC-08a',
      title: 'By plain the verifier is the challenge itself, and another one 400 invalid_grant',
      level: 'OPTIONAL',
      clause: 'RFC 7636 §4.2, §4.6',
      run: async (session) => {
        expectStatus(await prove(session, PLAIN, VERIFIER), 200);
        expectOAuthError(await prove(session, PLAIN, CHALLENGE), 400, 'invalid_grant');
      },
    },
    {
      id: 'sipgate.PKC-08b',
      title: 'A challenge without a method is plain',
      level: 'MUST',
      clause: 'RFC 7636 §4.3',
      run: async (session) => {
        expectStatus(await prove(session, { code_challenge: VERIFIER }, VERIFIER), 200);
        expectOAuthError(await prove(session, { code_challenge: CHALLENGE }, VERIFIER), 400, 'invalid_grant');
      },
    },
    {
      id: 'sipgate.PKC-09',
      title: "error_description has Keycloak's words, row by row",
      level: 'PARITY',
      clause: KEYCLOAK,
      run: async (session) => {
        for (const [challenge, verifier, words] of WORDS) {
          const reply = await prove(session, challenge, verifier);
          expectOAuthError(reply, 400, 'invalid_grant');
          expectEqual(reply, '"error_description"', reply.json().error_description, words);
        }
      },
    },
    {
      id: 'sipgate.PKC-10',
      title: 'A public client gets its tokens by PKCE, without a secret',
      level: 'MUST',
      clause: 'RFC 7636 §4, RFC 8252 §6',
      risk: 'mock-only',
      needs: ['sipgate.user'],
      run: async (session) => {
        const code = await obtain(session, createBrowser(session), publicClient, S256);
        expectStatus(await exchange(session, code, { code_verifier: VERIFIER }), 200);
      },
    },
  ],
);
