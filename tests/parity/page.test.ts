/** What is read from a page. */
import { expect, test } from 'vitest';
import { readPage } from '../../contracts/difference/page.ts';
import { createBrowser } from './browser.ts';
import type { Answer, Question } from './exchange.ts';

const html = `<html><head><title> Sign &amp; go </title></head><body><h1 id=x> Hello <b>you</b></h1>
<p role="alert">Wrong &#39;word&#x27;</p><span class="alert__title">x</span><ul><li> one </li><li>two</li></ul>
<form action="/in?a=1&amp;b=2" method="post"><input type="hidden" name="code" value="c&quot;1"><input name="user" value="">
<button name="accept" value="Yes">Yes</button></form></body></html>`;

test('title, heading, messages, items and forms', () => {
  expect(readPage(html)).toEqual({
    title: 'Sign & go',
    heading: 'Hello you',
    messages: ["Wrong 'word'", 'x'],
    items: ['one', 'two'],
    forms: [{ action: '/in?a=1&b=2', method: 'POST', hidden: [['code', 'c"1']], fields: ['user', 'accept'] }],
  });
});

/** Answers in turn, and remembers what it was asked. */
function server(answers: Partial<Answer>[]) {
  const asked: Question[] = [];
  const ask = async (question: Question): Promise<Answer> => {
    asked.push(question);
    const url = new URL(question.path, 'http://s').href;
    return { url, method: 'GET', status: 200, headers: [], body: '', ...answers[asked.length - 1] };
  };
  return { asked, browser: createBrowser(ask) };
}

test('a form is sent with its hidden fields to where it says', async () => {
  const { asked, browser } = server([{ body: html }, {}]);
  await browser.submit(await browser.go({ path: '/page' }), { user: 'u' });
  expect(asked[1]).toMatchObject({
    path: 'http://s/in?a=1&b=2',
    form: [
      ['code', 'c"1'],
      ['user', 'u'],
    ],
  });
});

test('cookies are kept, sent and taken away', async () => {
  const { asked, browser } = server([
    {
      headers: [
        ['Set-Cookie', 'a=1=2; Path=/; HttpOnly'],
        ['set-cookie', 'b=2'],
      ],
    },
    { headers: [['Set-Cookie', 'a=; Max-Age=0']] },
    {},
  ]);
  for (const path of ['/1', '/2', '/3']) await browser.go({ path });
  expect(asked.map(({ headers }) => headers?.cookie)).toEqual(['', 'a=1=2; b=2', 'b=2']);
});

test("redirects are followed on the server's own origin and no further", async () => {
  const { asked, browser } = server([
    { status: 302, headers: [['Location', '/next']] },
    { status: 302, headers: [['Location', 'http://client/cb?code=1']] },
  ]);
  expect((await browser.go({ path: '/first' })).headers).toEqual([['Location', 'http://client/cb?code=1']]);
  expect(asked.map(({ path }) => path)).toEqual(['/first', 'http://s/next']);
});

test('a page without a form cannot be filled in', async () => {
  const { browser } = server([{ body: '<p>no</p>' }]);
  await expect(async () => browser.submit(await browser.go({ path: '/' }), {})).rejects.toThrow('no form to fill in');
});
