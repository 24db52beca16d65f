/** The consent page: when it comes, what it asks for, and what is remembered. */

import type { Browser } from '../../browser.ts';
import type { Answer } from '../../exchange.ts';
import { CLIENTS, USERS } from '../cast.ts';
import { authorization, byPassword } from './questions.ts';
import { stories } from './stories.ts';

const { consenting } = CLIENTS;
const ask = (scope?: string, more: Record<string, string | undefined> = {}) =>
  authorization(consenting, { scope, ...more });

async function toConsent(browser: Browser, question = ask('account:read')): Promise<Answer> {
  const page = await browser.go(question);
  return browser.submit(page, { username: USERS.alice.email, password: USERS.alice.password });
}

export const consent = stories('consent', {
  'accepted, then remembered': async ({ browser, note }) => {
    const one = browser();
    const page = await note('page', toConsent(one));
    await note('accepted', one.submit(page, { accept: 'Yes' }));
    await note('the same scope again', one.go(ask('account:read')));
    await note('prompt=none', one.go(ask('account:read', { prompt: 'none' })));
    await note('no scope', one.go(ask()));
    await note('openid', one.go(ask('openid')));
    await note('one more, prompt=none', one.go(ask('account:read balance:read', { prompt: 'none' })));
    const more = await note('one more', one.go(ask('account:read balance:read')));
    await note('accepted too', one.submit(more, { accept: 'Yes' }));
    await note('both, in another order', one.go(ask('balance:read account:read')));
    await note('in another browser', toConsent(browser(), ask('account:read')));
  },
  refused: async ({ browser, note }) => {
    const one = browser();
    await note(
      'page',
      toConsent(one).then((page) => one.submit(page, { cancel: 'No' })),
    );
  },
  'refused, to a fragment without state': async ({ browser, note }) => {
    const one = browser();
    const page = await toConsent(one, ask('account:read', { response_mode: 'fragment', state: undefined }));
    await note('page', one.submit(page, { cancel: 'No' }));
  },
  'neither accepted nor refused': async ({ browser, note }) => {
    const one = browser();
    await note(
      'posted',
      toConsent(one).then((page) => one.submit(page, {})),
    );
  },
  'nothing to ask for': async ({ browser, note }) => {
    await note('no scope', toConsent(browser(), ask()));
    await note('openid alone', toConsent(browser(), ask('openid')));
  },
  'all that there is': async ({ browser, note }) => {
    await note('page', toConsent(browser(), ask('openid account:read balance:read users:read offline_access')));
  },
  'asked for again': async ({ browser, note }) => {
    const one = browser();
    await one.submit(await toConsent(one), { accept: 'Yes' });
    const page = await note('prompt=consent', one.go(ask('account:read', { prompt: 'consent' })));
    await note('refused now', one.submit(page, { cancel: 'No' }));
    await note('the old one still holds', one.go(ask('account:read', { prompt: 'none' })));
  },
  'accepted twice': async ({ browser, note }) => {
    const one = browser();
    const page = await toConsent(one);
    await one.submit(page, { accept: 'Yes' });
    await note('second', one.submit(page, { accept: 'Yes' }));
  },
  'without cookies': async ({ browser, note }) => {
    const one = browser();
    const page = await toConsent(one);
    one.cookies.clear();
    await note('posted', one.submit(page, { accept: 'Yes' }));
  },
  'the password grant cannot ask': async ({ ask: question }) => {
    await question('refused', byPassword(consenting, { scope: 'account:read' }));
  },
});
