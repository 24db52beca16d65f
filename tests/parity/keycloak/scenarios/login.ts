/** The login form: who gets in, what is told to who does not, and pages that are used in another order than meant. */

import type { Stage } from '../../scenario.ts';
import { CLIENTS, ELSEWHERE, USERS } from '../cast.ts';
import { authorization } from './questions.ts';
import { signIn } from './sign-in.ts';
import { stories } from './stories.ts';

const { shop } = CLIENTS;
const { alice, dora } = USERS;

/** Posts the login form of a good request. */
const attempt =
  (fields: Record<string, string>, more: Record<string, string | undefined> = {}) =>
  async (stage: Stage) => {
    const browser = stage.browser();
    const page = await browser.go(authorization(shop, more));
    await stage.note('posted', browser.submit(page, fields));
  };
const right = { username: alice.email, password: alice.password };

export const login = stories('login', {
  right: attempt(right),
  'upper case': attempt({ ...right, username: alice.email.toUpperCase() }),
  'spaces around': attempt({ ...right, username: ` ${alice.email} ` }),
  'wrong password': attempt({ ...right, password: 'wrong' }),
  'unknown user': attempt({ username: 'nobody', password: 'x' }),
  'disabled user': attempt({ username: dora.email, password: dora.password }),
  'disabled user, wrong password': attempt({ username: dora.email, password: 'x' }),
  'empty fields': attempt({ username: '', password: '' }),
  'no fields': attempt({}),
  'without state': attempt(right, { state: undefined }),
  'with an empty state': attempt(right, { state: '' }),
  'with a state of odd letters': attempt(right, { state: 'a b+c&d=é%\'"<>/?~!*()' }),
  'to a fragment': attempt(right, { response_mode: 'fragment' }),
  'to a form': attempt(right, { response_mode: 'form_post' }),
  'explicitly to the query': attempt(right, { response_mode: 'query' }),
  'response_type none': attempt(right, { response_type: 'none' }),
  'to a redirect URI with a query': attempt(right, { redirect_uri: `${ELSEWHERE}?y=1` }),
  'to a redirect URI with a fragment': attempt(right, { redirect_uri: `${ELSEWHERE}#f` }),
  'with nonce and scope': attempt(right, { scope: 'openid account:read', nonce: 'n1' }),
  'login_hint is filled in': async (stage) => {
    const page = await stage.ask('page', authorization(shop, { login_hint: 'someone@parity.example' }));
    if (!page.body.includes('value="someone@parity.example"')) throw new Error('the hint is not on the page');
  },
  'wrong, then right': async (stage) => {
    const browser = stage.browser();
    const page = await browser.go(authorization());
    const again = await browser.submit(page, { ...right, password: 'wrong' });
    await stage.note('second', browser.submit(again, right));
  },
  'the page posted twice': async (stage) => {
    const browser = stage.browser();
    const page = await browser.go(authorization());
    await stage.note('first', browser.submit(page, right));
    await stage.note('second', browser.submit(page, right));
  },
  'without cookies': async (stage) => {
    const browser = stage.browser();
    const page = await browser.go(authorization());
    browser.cookies.clear();
    await stage.note('posted', browser.submit(page, right));
  },
  "with another browser's page": async (stage) => {
    const [one, two] = [stage.browser(), stage.browser()];
    const page = await one.go(authorization());
    await two.go(authorization());
    await stage.note('posted', two.submit(page, right));
  },
  'two tabs': async (stage) => {
    const browser = stage.browser();
    const first = await browser.go(authorization(shop, { state: 'first' }));
    const second = await browser.go(authorization(shop, { state: 'second' }));
    await stage.note('second tab', browser.submit(second, right));
    await stage.note('first tab', browser.submit(first, right));
  },
  'parameters twice': async (stage) => {
    await stage.note(
      'both right',
      signIn(stage.browser(), authorization(shop, { scope: 'account:read account:read' })),
    );
  },
});
