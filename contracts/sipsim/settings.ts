/** SIPSIM API v2: what nobody knows of the real API, as the fake has it where its settings say otherwise. */
import { withSetting } from '../changed-setting.ts';
import { checksOf } from '../check.ts';
import { expectEmptyBody, expectEqual, expectStatus } from '../expect.ts';
import type { Session } from '../session.ts';
import { ASSUMED, ask, someCall, withTag } from './resource.ts';

const isMissed = ({ call_type: type }: Record<string, unknown>) => type === 'missed';

/** What is refused with 422 by default, one request each. */
async function askForRefusals(session: Session) {
  const { id } = await someCall(session, isMissed);
  return [
    await ask(session, 'getPhones', { query: { status: 'sidetone' } }),
    await ask(session, 'getCalls'),
    await ask(session, 'getTags', { query: { limit: '0' } }),
    await ask(session, 'orderTranscription', { params: { callId: String(id) } }),
  ];
}

/** Checks of the other answers that openapi.yaml declares. */
export const sipsimSettingChecks = checksOf(
  {
    provider: 'sipsim',
    operation: 'sipsim.getPhones',
    evidence: 'assumed',
    risk: 'mock-only',
    needs: ['sipsim.client', 'control'],
  },
  [
    {
      id: 'sipsim.SET-01',
      title: 'With sipsim.invalidParameter at 400, what cannot be is 400 in the envelope, parameters as actions',
      level: 'PARITY',
      clause: ASSUMED,
      run: (session) =>
        withSetting(session, 'sipsim', { invalidParameter: 400 }, async () => {
          for (const reply of await askForRefusals(session)) {
            expectStatus(reply, 400);
            expectEqual(reply, '"status"', reply.json().status, 400);
          }
        }),
    },
    {
      id: 'sipsim.SET-02',
      title: 'With sipsim.deleteStatus at 204, a deleted tag is answered with nothing, and is gone',
      operation: 'sipsim.deleteTag',
      level: 'PARITY',
      clause: ASSUMED,
      run: (session) =>
        withSetting(session, 'sipsim', { deleteStatus: 204 }, () =>
          withTag(session, async ({ id }) => {
            const params = { tagId: String(id) };
            const reply = await ask(session, 'deleteTag', { params });
            expectStatus(reply, 204);
            expectEmptyBody(reply);
            expectStatus(await ask(session, 'deleteTag', { params }), 404);
          }),
        ),
    },
  ],
);
