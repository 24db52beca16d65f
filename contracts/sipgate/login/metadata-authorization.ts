/** sipgate's login server: whether the authorization endpoint does what discovery says of it, and nothing else. */
import { type Check, checksOf } from '../../check.ts';
import type { Reply } from '../../client.ts';
import { expectEqual, expectMember, expectStatus, expectThat } from '../../expect.ts';
import type { Session } from '../../session.ts';
import type { FormChange } from '../../token-endpoint/endpoint.ts';
import { expectLoginPage, expectRedirect, expectRefusal } from './authorization-answers.ts';
import { freshCode, redeem } from './authorization-flow.ts';
import { authorize, STATE, seededClient } from './authorization-request.ts';
import { readPage } from './browser-pages.ts';
import { KEYCLOAK } from './endpoint.ts';
import { discover, supported } from './metadata.ts';
import { claimsOf } from './own-session.ts';

/** Of RFC 7636 §B. */
const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';
/** Of OpenID Connect Core §2. */
const STANDARD_CLAIMS = ['iss', 'sub', 'aud', 'exp', 'iat', 'auth_time', 'azp', 'nonce'];
/** Nobody is logged in: the answer is a redirect at once where the request is right. */
const SILENT: FormChange = { prompt: 'none' };

const send = async (session: Session, change: FormChange): Promise<Reply> =>
  authorize(session, await seededClient(session), change);

/** The request is right: all that is wrong is that nobody is logged in. */
async function expectTaken(session: Session, change: FormChange): Promise<Reply> {
  const { redirectUri } = await seededClient(session);
  const reply = await send(session, { ...SILENT, ...change });
  expectRefusal(reply, { redirectUri, error: 'login_required', state: STATE });
  return reply;
}

/** Error of a redirect, wherever it stands. */
function errorOf({ headers }: Reply): string | null {
  const { search, hash } = new URL(headers.location ?? 'http://none');
  return new URLSearchParams(`${search.slice(1)}&${hash.slice(1)}`).get('error');
}

/** Where the answer comes, by response_mode. */
const modes: Record<string, (reply: Reply, redirectUri: string) => void> = {
  query: (reply, redirectUri) => void expectRedirect(reply, redirectUri, 'query'),
  fragment: (reply, redirectUri) => void expectRedirect(reply, redirectUri, 'fragment'),
  form_post: (reply, redirectUri) => {
    expectStatus(reply, 200);
    const actions = readPage(reply.text).forms.map(({ action }) => action);
    expectEqual(reply, 'where the forms lead', actions, [redirectUri]);
  },
};

/** Checks of response types and modes, prompts, PKCE and `iss`. */
export const loginMetadataAuthorizationChecks: Check[] = checksOf(
  {
    provider: 'sipgate',
    operation: 'sipgate.getOpenIdConfiguration',
    evidence: 'engine',
    risk: 'read',
    needs: ['sipgate.client', 'sipgate.pat'],
  },
  [
    {
      id: 'sipgate.MET-10a',
      title: 'code is advertised, each advertised response type is known, and no other is',
      level: 'MUST',
      clause: 'RFC 8414 §2 (response_types_supported)',
      run: async (session) => {
        const reply = await discover(session);
        const advertised = supported(reply, 'response_types');
        expectThat(advertised.includes('code'), reply, 'expected code to be advertised');
        await expectTaken(session, { response_type: 'code' });
        for (const response_type of advertised) {
          const error = errorOf(await send(session, { ...SILENT, response_type }));
          const known = error !== null && error !== 'unsupported_response_type';
          expectEqual(reply, `whether ${response_type} is known`, known, true);
        }
        const unknown = errorOf(await send(session, { response_type: 'sidetone' }));
        expectEqual(reply, 'the error for an unknown one', unknown, 'unsupported_response_type');
      },
    },
    {
      id: 'sipgate.MET-10b',
      title: 'query and fragment are advertised, and each advertised response mode is the way the answer comes',
      level: 'MUST',
      clause: 'RFC 8414 §2 (response_modes_supported), OAuth 2.0 Multiple Response Types §2.1',
      run: async (session) => {
        const { redirectUri } = await seededClient(session);
        const reply = await discover(session);
        const advertised = supported(reply, 'response_modes');
        expectEqual(
          reply,
          'the usual modes',
          ['query', 'fragment'].filter((mode) => advertised.includes(mode)).length,
          2,
        );
        for (const response_mode of advertised.filter((mode) => mode in modes)) {
          modes[response_mode]?.(await send(session, { ...SILENT, response_mode }), redirectUri);
        }
      },
    },
    {
      id: 'sipgate.MET-10c',
      title: 'none, login and consent are advertised for prompt: none is silent, login asks for a password',
      level: 'MUST',
      clause: 'Initiating User Registration 1.0 §4.2 (prompt_values_supported), OpenID Connect Core §3.1.2.1',
      run: async (session) => {
        const reply = await discover(session);
        const advertised = supported(reply, 'prompt_values');
        expectEqual(
          reply,
          'the missing values',
          ['none', 'login', 'consent'].filter((value) => !advertised.includes(value)),
          [],
        );
        await expectTaken(session, {});
        expectLoginPage(await send(session, { prompt: 'login' }));
      },
    },
    {
      id: 'sipgate.MET-05',
      title: 'S256 is advertised for PKCE, and each advertised method is taken',
      level: 'SHOULD',
      clause: 'RFC 9700 §2.1.1, RFC 8414 §2 (code_challenge_methods_supported)',
      run: async (session) => {
        const reply = await discover(session);
        const advertised = supported(reply, 'code_challenge_methods');
        expectThat(advertised.includes('S256'), reply, 'expected S256 to be advertised');
        for (const code_challenge_method of advertised) {
          await expectTaken(session, { code_challenge: CHALLENGE, code_challenge_method });
        }
      },
    },
    {
      id: 'sipgate.MET-17',
      title: 'Subjects are public, claims are normal ones, and those that every ID token for a code has are advertised',
      level: 'MUST',
      clause: 'OpenID Connect Discovery §3 (subject_types_supported, claim_types_supported, claims_supported)',
      risk: 'write',
      needs: ['sipgate.client', 'sipgate.pat', 'sipgate.user'],
      run: async (session) => {
        const reply = await discover(session);
        expectEqual(reply, 'whether public is advertised', supported(reply, 'subject_types').includes('public'), true);
        expectEqual(reply, 'whether normal is advertised', supported(reply, 'claim_types').includes('normal'), true);
        const granted = await redeem(session, await freshCode(session, { scope: 'openid', nonce: 'sidetone' }));
        const claims = claimsOf(expectMember(granted, 'id_token', 'string'));
        const advertised = supported(reply, 'claims');
        const missing = STANDARD_CLAIMS.filter((name) => name in claims && !advertised.includes(name));
        expectEqual(reply, 'the claims that are missing', missing, []);
      },
    },
    {
      id: 'sipgate.MET-14',
      title: 'iss is advertised for the answer, and is the issuer',
      level: 'MUST',
      clause: `RFC 9207 §3, §2.4; ${KEYCLOAK}`,
      run: async (session) => {
        const reply = await discover(session);
        const member = 'authorization_response_iss_parameter_supported';
        expectEqual(reply, `"${member}"`, reply.json()[member], true);
        const { redirectUri } = await seededClient(session);
        const parameters = expectRedirect(await expectTaken(session, {}), redirectUri);
        expectEqual(reply, '"issuer"', reply.json().issuer, parameters.get('iss'));
      },
    },
  ],
);
