/** The short ways to a code and to tokens, for what begins after them. */

import { readPage } from '../../../../contracts/difference/page.ts';
import type { Browser } from '../../browser.ts';
import { type Answer, headerOf, type Question } from '../../exchange.ts';
import type { Stage } from '../../scenario.ts';
import { CLIENTS, type Client, USERS, type User } from '../cast.ts';
import { authorization, byPassword, exchange } from './questions.ts';

export interface Tokens {
  access_token: string;
  refresh_token: string;
  id_token: string;
}

/** @throws if the answer holds no tokens, with what it holds. */
export function tokensOf({ status, body }: Answer): Tokens {
  if (status !== 200) throw new Error(`no tokens: ${status} ${body.slice(0, 200)}`);
  return JSON.parse(body) as Tokens;
}

export const tokensByPassword = async (
  stage: Stage,
  client: Client = CLIENTS.shop,
  scope = 'openid account:read balance:read',
) => tokensOf(await stage.quietly(byPassword(client, { scope })));

/** Fills in the login page, if there is one, and consents to what is asked. */
export async function signIn(
  browser: Browser,
  question: Question,
  { email, password }: User = USERS.alice,
): Promise<Answer> {
  const page = await browser.go(question);
  if (!hasField(page, 'password')) return page;
  const next = await browser.submit(page, { username: email, password });
  return hasField(next, 'accept') ? browser.submit(next, { accept: 'Yes' }) : next;
}

export const hasField = ({ status, body }: Answer, name: string) =>
  status === 200 && readPage(body).forms.some(({ fields }) => fields.includes(name));

/** A parameter of a redirect, wherever it stands. @throws if there is none. */
export function redirectParameter(answer: Answer, name: string): string {
  const { search, hash } = new URL(headerOf(answer, 'location') ?? 'none:');
  const value = new URLSearchParams(search || hash.slice(1)).get(name);
  if (value === null)
    throw new Error(`no ${name}: ${answer.status} ${headerOf(answer, 'location') ?? answer.body.slice(0, 200)}`);
  return value;
}

export async function codeFor(
  stage: Stage,
  client: Client = CLIENTS.shop,
  more: Record<string, string | undefined> = {},
  browser: Browser = stage.browser(),
): Promise<string> {
  return redirectParameter(await signIn(browser, authorization(client, more)), 'code');
}

export async function tokensByCode(
  stage: Stage,
  client: Client = CLIENTS.shop,
  more: Record<string, string | undefined> = { scope: 'openid' },
  browser: Browser = stage.browser(),
): Promise<Tokens> {
  return tokensOf(await stage.quietly(exchange(await codeFor(stage, client, more, browser), client)));
}
