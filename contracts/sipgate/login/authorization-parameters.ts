/** sipgate's login server: parameters of the authorization request that are taken as they are, and what becomes of them. */
import { checksOf } from '../../check.ts';
import { expectEqual, expectHeader, expectStatus } from '../../expect.ts';
import type { Session } from '../../session.ts';
import type { FormChange } from '../../token-endpoint/endpoint.ts';
import { expectLoginPage, expectRedirect, expectRefusal } from './authorization-answers.ts';
import { AUTHORIZE, authorize, STATE, seededClient } from './authorization-request.ts';
import { readPage } from './browser-pages.ts';
import { KEYCLOAK } from './endpoint.ts';
import { issuerOf } from './metadata.ts';

/** With prompt=none the answer is a redirect at once. */
const SILENT: FormChange = { prompt: 'none' };

async function take(session: Session, changes: FormChange[]): Promise<void> {
  const client = await seededClient(session);
  for (const change of changes) expectLoginPage(await authorize(session, client, change));
}

/** Checks of what is tolerated, of `state`, `iss` and `response_mode`. */
export const loginAuthorizationParameterChecks = checksOf(
  {
    provider: 'sipgate',
    operation: AUTHORIZE,
    evidence: 'engine',
    risk: 'read',
    needs: ['sipgate.client', 'sipgate.pat'],
  },
  [
    {
      id: 'sipgate.AUT-07a',
      title: 'Unknown parameters are ignored',
      level: 'MUST',
      clause: 'RFC 6749 §3.1',
      run: (session) =>
        take(session, [{ sidetone: '1' }, { ui_locales: 'de' }, { display: 'sidetone' }, { claims: 'x' }]),
    },
    {
      id: 'sipgate.AUT-07b',
      title: 'A client_secret in the query is tolerated, even a wrong one',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: (session) => take(session, [{ client_secret: 'sidetone-wrong-secret' }]),
    },
    {
      id: 'sipgate.AUT-07c',
      title: 'Unknown values of prompt are ignored',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: (session) => take(session, [{ prompt: '' }, { prompt: 'sidetone' }, { prompt: 'select_account' }]),
    },
    {
      id: 'sipgate.AUT-07d',
      title: 'Scopes may end in a space, stand twice, or be left out',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: (session) =>
        take(session, [{ scope: 'account:read ' }, { scope: 'account:read account:read' }, { scope: undefined }]),
    },
    {
      id: 'sipgate.AUT-14a',
      title: 'state comes back byte for byte, also an empty one',
      level: 'MUST',
      clause: 'RFC 6749 §4.1.2.1',
      run: async (session) => {
        const client = await seededClient(session);
        for (const state of [STATE, '', 'ü€', 'x'.repeat(4_000)]) {
          const reply = await authorize(session, client, { ...SILENT, state });
          expectEqual(reply, '"state"', expectRedirect(reply, client.redirectUri).get('state'), state);
        }
      },
    },
    {
      id: 'sipgate.AUT-14b',
      title: 'Without state there is none, and one of more than 4000 characters is dropped',
      level: 'PARITY',
      clause: `RFC 6749 §4.1.2.1 for its absence; the length as ${KEYCLOAK}`,
      run: async (session) => {
        const client = await seededClient(session);
        for (const state of [undefined, 'x'.repeat(4_001)]) {
          const reply = await authorize(session, client, { ...SILENT, state });
          expectRefusal(reply, { redirectUri: client.redirectUri, error: 'login_required' });
        }
      },
    },
    {
      id: 'sipgate.AUT-14c',
      title: 'Parameters are encoded as Keycloak does: as a form, but ? and ~ stand as they are',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: async (session) => {
        const reply = await authorize(session, await seededClient(session), SILENT);
        const encoded = /[?&]state=([^&]*)/.exec(expectHeader(reply, 'Location'))?.[1];
        expectEqual(reply, 'the state', encoded, 'a+b%2Bc%26d%3D%C3%A9%25%27%22%3C%3E%2F?~%21*%28%29');
      },
    },
    {
      id: 'sipgate.AUT-08d',
      title: 'A refusal names the issuer',
      level: 'MUST',
      clause: 'RFC 9207 §2',
      run: async (session) => {
        const { redirectUri } = await seededClient(session);
        const reply = await authorize(session, await seededClient(session), SILENT);
        const issuer = issuerOf(session.target.sipgate?.tokenUrl ?? '');
        expectEqual(reply, '"iss"', expectRedirect(reply, redirectUri).get('iss'), issuer);
      },
    },
    {
      id: 'sipgate.AUT-15c',
      title: 'response_mode=fragment tells a refusal in the fragment',
      level: 'MUST',
      clause: 'OAuth 2.0 Multiple Response Types §2.1',
      run: async (session) => {
        const { redirectUri } = await seededClient(session);
        const reply = await authorize(session, await seededClient(session), { ...SILENT, response_mode: 'fragment' });
        expectRefusal(reply, { redirectUri, error: 'login_required', state: STATE, place: 'fragment' });
      },
    },
    {
      id: 'sipgate.AUT-15d',
      title: 'response_mode=form_post tells a refusal by a page that posts it to the client',
      level: 'MUST',
      clause: 'OAuth 2.0 Form Post Response Mode §2',
      run: async (session) => {
        const { redirectUri } = await seededClient(session);
        const reply = await authorize(session, await seededClient(session), { ...SILENT, response_mode: 'form_post' });
        expectStatus(reply, 200);
        const [form] = readPage(reply.text).forms;
        expectEqual(reply, "the form's method and action", [form?.method, form?.action], ['POST', redirectUri]);
        const sent = Object.fromEntries((form?.fields ?? []).map(({ name, value }) => [name, value]));
        const { error, state, code } = sent;
        expectEqual(reply, 'what is posted', { error, state, code }, { error: 'login_required', state: STATE });
      },
    },
    {
      id: 'sipgate.AUT-36',
      title: 'login_hint stands in the form, and is text there whatever it holds',
      level: 'OPTIONAL',
      clause: 'OpenID Connect Core §3.1.2.1; RFC 9700 §4.16 (no scripts of others)',
      run: async (session) => {
        const hint = '"><script>alert(1)</script>@sidetone.example';
        const reply = await authorize(session, await seededClient(session), { login_hint: hint });
        expectLoginPage(reply);
        const [form] = readPage(reply.text).forms;
        expectEqual(reply, 'the username', form?.fields.find(({ name }) => name === 'username')?.value, hint);
        expectEqual(reply, 'whether it is a script', reply.text.includes('<script>alert(1)'), false);
      },
    },
  ],
);
