/** /api/v2/tags: made, changed and removed; a name is unique in its account. */
import type { ApiRequest, Operation } from '../provider.ts';
import { integrationOf } from './account.ts';
import { success } from './envelope.ts';
import { invalid, noSuch, tagExists } from './errors.ts';
import { listPage } from './keyset.ts';
import { bodyMembers, requiredText, textMember } from './parameters.ts';
import { orderedId, type SipsimState } from './state.ts';

export interface TagRecord {
  id: number;
  /** Id of the account; never on the wire. */
  account: number;
  name: string;
  color: string;
  description: string | null;
}

/** Documented. */
const GREY = '#6B7280';

export function createTagOperations(state: SipsimState): Record<string, Operation> {
  return {
    'sipsim.getTags': async (request) => {
      const { account } = await integrationOf(state, request);
      const options = { range: rangeOf(account.id), scope: [account.id, 'tags'] };
      const { values, pagination } = await listPage(state, request, state.tags, options);
      return success(state, values.map(wireTag), { pagination });
    },
    'sipsim.createTag': async (request) => {
      const { account } = await integrationOf(state, request);
      const members = bodyMembers(request);
      const name = requiredText(request, members, 'name');
      const tag = { name, color: colorOf(members) ?? GREY, description: descriptionOf(members) ?? null };
      return success(state, wireTag(await addTag(state, { account: account.id, ...tag })), { status: 201 });
    },
    'sipsim.updateTag': async (request) => {
      const { account } = await tagOf(state, request);
      return state.inTurn(`tags of ${account}`, async () => {
        const tag = await tagOf(state, request);
        return success(state, wireTag(await changeTag(state, tag, readChange(request))));
      });
    },
    'sipsim.deleteTag': async (request) => {
      const { account } = await tagOf(state, request);
      return state.inTurn(`tags of ${account}`, async () => {
        const tag = await tagOf(state, request);
        // Calls keep the id, which nobody gets again: so the tag is gone from all of them at once.
        await state.tags.remove(keyOf(tag));
        await state.tagNames.remove(nameKeyOf(tag));
        return state.settings.deleteStatus === 204 ? { status: 204 } : success(state, wireTag(tag));
      });
    },
  };
}

export const wireTag = ({ account: _, ...tag }: TagRecord) => tag;

function readChange(request: ApiRequest): Partial<TagRecord> {
  const members = bodyMembers(request);
  const name = textMember(members, 'name');
  if (name?.trim() === '') throw invalid('name', 'must not be blank');
  const [color, description] = [colorOf(members), descriptionOf(members)];
  return {
    ...(name !== undefined && { name }),
    ...(color !== undefined && { color }),
    ...(description !== undefined && { description }),
  };
}

function colorOf(members: Record<string, unknown>): string | undefined {
  const color = textMember(members, 'color');
  if (color === undefined || /^#[0-9a-f]{6}$/i.test(color)) return color;
  throw invalid('color', `must be like ${GREY}`);
}

const descriptionOf = (members: Record<string, unknown>): string | null | undefined =>
  members.description === null ? null : textMember(members, 'description');

/** Without an id it gets one that nobody ever had. Throws 409 for a name that is taken. */
export async function addTag(
  state: SipsimState,
  { id, ...tag }: Omit<TagRecord, 'id'> & { id?: number },
): Promise<TagRecord> {
  if (!(await state.tagNames.insert(nameKeyOf(tag), {}))) throw tagExists(tag.name);
  const [last] = await state.tagIds.range({ limit: 1, reverse: true });
  let wanted = id ?? (last ? Number(last.key) + 1 : 1);
  while (!(await state.tagIds.insert(orderedId(wanted), {}))) wanted += 1;
  const record = { id: wanted, ...tag };
  await state.tags.insert(keyOf(record), record);
  return record;
}

async function changeTag(state: SipsimState, tag: TagRecord, change: Partial<TagRecord>): Promise<TagRecord> {
  const changed = { ...tag, ...change };
  const renamed = changed.name !== tag.name;
  if (renamed && !(await state.tagNames.insert(nameKeyOf(changed), {}))) throw tagExists(changed.name);
  await state.tags.replace(keyOf(tag), changed);
  if (renamed) await state.tagNames.remove(nameKeyOf(tag));
  return changed;
}

/** The tag that a path names. Throws 404 for one that the account does not have. */
export async function tagOf(state: SipsimState, request: ApiRequest): Promise<TagRecord> {
  const { account } = await integrationOf(state, request);
  const text = request.params.tagId ?? '';
  const tag = /^\d{1,15}$/.test(text) && (await state.tags.get(keyOf({ account: account.id, id: Number(text) })));
  if (!tag) throw noSuch('Tag', text);
  return tag;
}

/** Every living tag of an account, by id. */
export async function tagsOf({ tags }: Pick<SipsimState, 'tags'>, account: number): Promise<Map<number, TagRecord>> {
  const found = await tags.range({ ...rangeOf(account), limit: Number.POSITIVE_INFINITY });
  return new Map(found.map(({ value }) => [value.id, value]));
}

// "0" is the character behind "/".
const rangeOf = (account: number) => ({ after: `${orderedId(account)}/`, before: `${orderedId(account)}0` });
const keyOf = ({ account, id }: Pick<TagRecord, 'account' | 'id'>) => `${orderedId(account)}/${orderedId(id)}`;
const nameKeyOf = ({ account, name }: Pick<TagRecord, 'account' | 'name'>) => `${account}/${name}`;
