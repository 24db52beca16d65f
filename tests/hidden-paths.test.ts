/** The document's paths, as the validator holds them after it has loaded: there by name, and no walk finds them. */
import { expect, test } from 'vitest';
import { hideable } from '../mock-server/hidden-paths.ts';

/** As cloning packages copy: an object of the same kind, then member by member. */
function copied(paths: Record<string, object>): Record<string, object> {
  const copy = Object.create(Object.getPrototypeOf(paths)) as Record<string, object>;
  for (const [name, value] of Object.entries(paths)) copy[name] = value;
  return copy;
}

test('every copy shows all until it is hidden, and then none by walking, but each by its name', () => {
  const given = { '/a': { get: {} }, '/b': { post: {} } };
  const { paths, hide } = hideable(given);
  const copy = copied(paths);
  const copyOfCopy = copied(copy);
  for (const one of [paths, copy, copyOfCopy]) expect(Object.entries(one)).toEqual(Object.entries(given));
  hide();
  for (const one of [paths, copy, copyOfCopy]) {
    const walked: string[] = [];
    for (const name in one) walked.push(name);
    expect([walked, one['/a'], one['/b'], one['/c']]).toEqual([[], given['/a'], given['/b'], undefined]);
  }
});
