/** SIPSIM API v2: tags, from their creation to their end, and on calls. */
import { checksOf } from '../check.ts';
import { expectEqual, expectMember, expectStatus, expectThat } from '../expect.ts';
import type { Session } from '../session.ts';
import {
  ASSUMED,
  ask,
  dataOf,
  expectInvalid,
  expectNotFound,
  idsOf,
  itemsOf,
  PAGES,
  prepare,
  someCall,
  withTag,
} from './resource.ts';

const at = ({ id }: Record<string, unknown>) => ({ params: { tagId: String(id) } });
const listTags = (session: Session) => prepare(session, 'getTags', 200);
const tagIdsOf = (call: Record<string, unknown>) => (call.tags as { id: number }[]).map(({ id }) => id);

/** Checks of the account's tags. */
export const sipsimTagChecks = checksOf(
  {
    provider: 'sipsim',
    operation: 'sipsim.createTag',
    evidence: 'documented',
    risk: 'write',
    needs: ['sipsim.client'],
  },
  [
    {
      id: 'sipsim.TAG-01',
      title: 'A new tag is 201 with what was sent, the default colour and an id, and it is in the list',
      level: 'PARITY',
      clause: PAGES,
      run: (session) =>
        withTag(
          session,
          async (tag, reply) => {
            expectStatus(reply, 201);
            expectEqual(reply, 'color', tag.color, '#6B7280');
            expectEqual(reply, 'description', tag.description, 'Äußerst wichtig');
            const found = itemsOf(await listTags(session)).find(({ id }) => id === tag.id);
            expectEqual(reply, 'the tag in the list', found, tag);
          },
          { description: 'Äußerst wichtig' },
        ),
    },
    {
      id: 'sipsim.TAG-02',
      title: 'A name that is taken is 409 with the documented text, and nothing is made',
      level: 'PARITY',
      clause: `${PAGES}: the one example of an error`,
      run: (session) =>
        withTag(session, async ({ name }) => {
          const before = idsOf(await listTags(session));
          const reply = await ask(session, 'createTag', { json: { name, color: '#000000' } });
          expectStatus(reply, 409);
          expectEqual(reply, 'errors', expectMember(reply, 'errors', 'array'), ['Tag with this name already exists']);
          expectEqual(reply, 'the tags', idsOf(await listTags(session)), before);
        }),
    },
    {
      id: 'sipsim.TAG-03',
      title: 'PATCH changes the members that are sent and no other',
      operation: 'sipsim.updateTag',
      level: 'PARITY',
      clause: `${PAGES} for the path; the answer is assumed`,
      evidence: 'assumed',
      run: (session) =>
        withTag(session, async (tag) => {
          let expected = tag;
          for (const change of [
            { color: '#00FF00' },
            { description: 'Äußerst wichtig' },
            { name: `${String(tag.name)} renamed` },
            { description: null },
          ]) {
            expected = { ...expected, ...change };
            const reply = await ask(session, 'updateTag', { ...at(tag), json: change });
            expectStatus(reply, 200);
            expectEqual(reply, 'the tag', dataOf(reply), expected);
            const found = itemsOf(await listTags(session)).find(({ id }) => id === tag.id);
            expectEqual(reply, 'the tag in the list', found, dataOf(reply));
          }
        }),
    },
    {
      id: 'sipsim.TAG-04',
      title:
        "PATCH to another tag's name is 409, to its own 200; a name is taken as long as a tag has it, and no longer",
      operation: 'sipsim.updateTag',
      level: 'PARITY',
      clause: `${PAGES}: names are unique`,
      evidence: 'assumed',
      run: (session) =>
        withTag(session, (one) =>
          withTag(
            session,
            async (other) => {
              expectStatus(await ask(session, 'updateTag', { ...at(other), json: { name: one.name } }), 409);
              expectStatus(await ask(session, 'updateTag', { ...at(other), json: { name: other.name } }), 200);
              expectStatus(await ask(session, 'createTag', { json: { name: other.name } }), 409);
              const name = `${String(one.name)} three`;
              expectStatus(await ask(session, 'updateTag', { ...at(other), json: { name } }), 200);
              const again = await ask(session, 'createTag', { json: { name: other.name } });
              expectStatus(again, 201);
              await ask(session, 'deleteTag', at(dataOf(again)));
            },
            { name: `${String(one.name)} too` },
          ),
        ),
    },
    {
      id: 'sipsim.TAG-05',
      title: 'A deleted tag is out of the list, 404 from then on, and its name is free again',
      operation: 'sipsim.deleteTag',
      level: 'MUST',
      clause: 'RFC 9110 §9.3.5',
      evidence: 'assumed',
      run: (session) =>
        withTag(session, async (tag) => {
          expectStatus(await ask(session, 'deleteTag', at(tag)), 200);
          const list = await listTags(session);
          expectThat(!idsOf(list).includes(tag.id), list, `expected tag ${tag.id} to be gone`);
          expectNotFound(await ask(session, 'deleteTag', at(tag)));
          expectNotFound(await ask(session, 'updateTag', { ...at(tag), json: { color: '#000000' } }));
          await withTag(session, async () => {}, { name: tag.name });
        }),
    },
    {
      id: 'sipsim.TAG-08',
      title: 'The list of tags has its pagination, and refuses a limit that cannot be',
      operation: 'sipsim.getTags',
      level: 'PARITY',
      clause: PAGES,
      risk: 'read',
      run: async (session) => {
        const reply = await listTags(session);
        const { count, has_more: more } = expectMember(reply, 'pagination', 'object');
        expectEqual(reply, 'count and has_more', [count, more], [itemsOf(reply).length, false]);
        for (const limit of ['0', '2e1', '0x20', '20.0']) {
          expectInvalid(await ask(session, 'getTags', { query: { limit } }), 'limit');
        }
      },
    },
    {
      id: 'sipsim.TAG-09',
      title: 'A body that is not there, is empty or does not say that it is JSON is not read: 422, and name is missing',
      level: 'PARITY',
      clause: `${ASSUMED}: as Rails reads bodies`,
      evidence: 'assumed',
      run: async (session) => {
        const before = idsOf(await listTags(session));
        const body = JSON.stringify({ name: session.creations.name() });
        for (const options of [
          {},
          { body: '', headers: { 'content-type': 'application/json' } },
          { body, headers: { 'content-type': 'text/plain' } },
        ]) {
          expectInvalid(await ask(session, 'createTag', options), 'name');
        }
        const list = await listTags(session);
        expectEqual(list, 'the tags', idsOf(list), before);
      },
    },
    {
      id: 'sipsim.TAG-10',
      title: 'A colour with something before or behind it is none: 422 and color named',
      level: 'PARITY',
      clause: ASSUMED,
      evidence: 'assumed',
      run: async (session) => {
        const before = idsOf(await listTags(session));
        for (const color of ['x#00FF00', '#00FF00x', '#00FF0']) {
          const json = { name: session.creations.name(), color };
          expectInvalid(await ask(session, 'createTag', { json }), 'color');
        }
        const list = await listTags(session);
        expectEqual(list, 'the tags', idsOf(list), before);
      },
    },
    {
      id: 'sipsim.CTG-01',
      title: 'A call gets a tag, keeps it when it gets it again, and loses it',
      operation: 'sipsim.tagCall',
      level: 'PARITY',
      clause: ASSUMED,
      evidence: 'assumed',
      risk: 'mock-only',
      run: (session) =>
        withTag(session, async (tag) => {
          const call = await someCall(session, (other) => tagIdsOf(other).length > 0);
          const params = { callId: String(call.id), tagId: String(tag.id) };
          for (let times = 0; times < 2; times += 1) {
            const tagged = await ask(session, 'tagCall', { params });
            expectStatus(tagged, 200);
            expectEqual(tagged, 'the tags', tagIdsOf(dataOf(tagged)), [...tagIdsOf(call), tag.id]);
          }
          const read = await ask(session, 'getCall', { params });
          expectEqual(read, 'the tags', tagIdsOf(dataOf(read)), [...tagIdsOf(call), tag.id]);
          const untagged = await ask(session, 'untagCall', { params });
          expectStatus(untagged, 200);
          expectEqual(untagged, 'the tags', tagIdsOf(dataOf(untagged)), tagIdsOf(call));
        }),
    },
    {
      id: 'sipsim.CTG-02',
      title: 'To take a tag from a call that does not have it is 404, as with a tag or a call that is not there',
      operation: 'sipsim.untagCall',
      level: 'PARITY',
      clause: ASSUMED,
      evidence: 'assumed',
      risk: 'mock-only',
      run: (session) =>
        withTag(session, async (tag) => {
          const call = await someCall(session);
          const params = { callId: String(call.id), tagId: String(tag.id) };
          expectNotFound(await ask(session, 'untagCall', { params }));
          for (const tagId of ['999999999', `${tag.id}e0`]) {
            expectNotFound(await ask(session, 'tagCall', { params: { ...params, tagId } }));
          }
          expectNotFound(await ask(session, 'tagCall', { params: { ...params, callId: '999999999' } }));
        }),
    },
    {
      id: 'sipsim.CTG-03',
      title: 'Deleting a tag takes it from the calls that have it',
      operation: 'sipsim.deleteTag',
      level: 'PARITY',
      clause: PAGES,
      risk: 'mock-only',
      run: (session) =>
        withTag(session, async (tag) => {
          const call = await someCall(session);
          const params = { callId: String(call.id), tagId: String(tag.id) };
          await prepare(session, 'tagCall', 200, { params });
          await prepare(session, 'deleteTag', 200, at(tag));
          const read = await ask(session, 'getCall', { params });
          expectEqual(read, 'the tags', tagIdsOf(dataOf(read)), tagIdsOf(call));
        }),
    },
  ],
);
