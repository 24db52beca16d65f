/** A browser that is signed in already: what it is spared, and what it is asked again. */
import type { Browser } from '../../browser.ts';
import type { Stage } from '../../scenario.ts';
import { CLIENTS, USERS } from '../cast.ts';
import { authorization } from './questions.ts';
import { signIn } from './sign-in.ts';
import { stories } from './stories.ts';

const { shop, other, consenting, noFlow } = CLIENTS;

async function signedIn(stage: Stage): Promise<Browser> {
  const browser = stage.browser();
  await signIn(browser, authorization());
  return browser;
}

const asked =
  (more: Record<string, string | undefined>, client = shop) =>
  async (stage: Stage) => {
    const browser = await signedIn(stage);
    await stage.note('asked', browser.go(authorization(client, more)));
  };

export const singleSignOn = stories('signed in', {
  'the same client': asked({}),
  'another client': asked({}, other),
  'without state': asked({ state: undefined }),
  'to a fragment': asked({ response_mode: 'fragment' }),
  'to a form': asked({ response_mode: 'form_post' }),
  'prompt=none': asked({ prompt: 'none' }),
  'prompt=none, another client': asked({ prompt: 'none' }, other),
  'prompt=none, consent is due': asked({ prompt: 'none', scope: 'account:read' }, consenting),
  'prompt=none, no consent is due': asked({ prompt: 'none', scope: 'openid' }, consenting),
  'prompt=none login': asked({ prompt: 'none login' }),
  'prompt=none consent': asked({ prompt: 'none consent' }),
  'prompt=login': asked({ prompt: 'login' }),
  'prompt=login consent': asked({ prompt: 'login consent' }),
  'prompt=consent, a client that needs none': asked({ prompt: 'consent' }),
  'prompt=consent, nothing to consent to': asked({ prompt: 'consent' }, consenting),
  'prompt=select_account': asked({ prompt: 'select_account' }),
  'prompt=bogus': asked({ prompt: 'bogus' }),
  'max_age=3600': asked({ max_age: '3600' }),
  'login_hint of somebody else': asked({ login_hint: USERS.erik.email }),
  'a wrong scope': asked({ scope: 'zzz' }),
  'no flow': asked({}, noFlow),
  'consent is due': asked({ scope: 'account:read' }, consenting),
  'max_age that is over': async (stage) => {
    const browser = await signedIn(stage);
    await stage.pause(2.1);
    await stage.note('max_age=0', browser.go(authorization(shop, { max_age: '0' })));
    await stage.note('max_age=-1', browser.go(authorization(shop, { max_age: '-1' })));
    await stage.note('asked', browser.go(authorization(shop, { max_age: '1' })));
    await stage.note('prompt=none', browser.go(authorization(shop, { max_age: '1', prompt: 'none' })));
  },
  'prompt=login, then right': async (stage) => {
    const browser = await signedIn(stage);
    const page = await browser.go(authorization(shop, { prompt: 'login' }));
    await stage.note('posted', browser.submit(page, { username: USERS.alice.email, password: USERS.alice.password }));
  },
  'prompt=login, somebody else': async (stage) => {
    const browser = await signedIn(stage);
    const page = await browser.go(authorization(shop, { prompt: 'login' }));
    await stage.note('posted', browser.submit(page, { username: USERS.erik.email, password: USERS.erik.password }));
  },
  'cookies of no session': async (stage) => {
    const browser = await signedIn(stage);
    for (const name of browser.cookies.keys()) browser.cookies.set(name, 'x');
    await stage.note('prompt=none', browser.go(authorization(shop, { prompt: 'none' })));
  },
  'cookies gone': async (stage) => {
    const browser = await signedIn(stage);
    browser.cookies.clear();
    await stage.note('prompt=none', browser.go(authorization(shop, { prompt: 'none' })));
  },
});
