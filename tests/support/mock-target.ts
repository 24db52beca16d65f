/** The fake as a target of the contract suite, with every credential that its default data holds. */
import { createTarget, type Target, urlsOfOrigin } from '../../contracts/index.ts';
import type { Mock } from '../../mock-server/index.ts';

/** @param url where it is asked, if not at the mock's own address. */
export function targetOf(mock: Mock, url: string = mock.url): Target {
  const target = createTarget('mock', urlsOfOrigin(url), mock.environment);
  return { ...target, ...(mock.adminUrl !== undefined && { control: { url: mock.adminUrl } }) };
}
