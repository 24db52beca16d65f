/** The fake as a program to be measured, and what is set up in it before a measurement. */
import { join } from 'node:path';
import type { Program, Running } from './processes.ts';

/** The demo data's, as the README shows it. */
export const PAT = basic('token-FQ1V12', 'e68ead46-a7db-46cd-8a1a-44aed1e4e372');
export const SIPGATE_CLIENT = {
  id: '2556404-0-dc848ae6-085c-11e8-92a6-31b99c83912e:third-party',
  secret: 's1p:g4te+100%/geheim',
};
export const SIPSIM_CLIENT = { id: 'sipsim-demo', secret: '3c9f1e7a5b2d4f6081a3c5e7092b4d6f' };
export const ACCOUNT = '/v2/account';
export const SIPGATE_TOKEN = '/auth/realms/third-party/protocol/openid-connect/token';

export function basic(id: string, secret: string): string {
  return `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
}

/** @param home folder with `dist/`. */
export const fake = (home: string, { name = 'Sidetone', flags = [] as string[], secure = false } = {}): Program => ({
  ...{ name, secure },
  command: (port) => ({
    program: process.execPath,
    args: [join(home, 'dist/code/bin.cjs'), '--port', String(port), '--quiet', ...flags],
  }),
  first: { path: ACCOUNT, headers: { authorization: PAT } },
});

export interface BareOptions {
  status?: number;
  /** PEM. */
  tls?: { key: string; cert: string };
  /** Milliseconds that each answer wastes. */
  spin?: number;
}

/** Bare node:http. */
export function bare(body: string, { status = 200, tls, spin }: BareOptions = {}): Program {
  const file = join(import.meta.dirname, 'servers/bare.mjs');
  return {
    ...{ name: tls ? 'node:https' : 'node:http', secure: tls !== undefined },
    command: (port) => ({
      program: process.execPath,
      args: [file, JSON.stringify({ port, status, body, tls, spin })],
    }),
    first: { path: ACCOUNT, status },
  };
}

/** Rejects with what was answered if it is not 2xx. */
export async function control(running: Running, method: string, path: string, body?: object): Promise<unknown> {
  const answer = await fetch(`${running.url}/__admin${path}`, {
    method,
    ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  const said = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${said}`);
  return said === '' ? undefined : JSON.parse(said);
}

/** Few, as programs should ask for: all that there are make a token four times as long. */
const SCOPES = { sipgate: ['account:read', 'balance:read'], sipsim: ['account.read'] };

/** Access tokens, each one new to the fake's eyes. */
export async function mint(running: Running, provider: 'sipgate' | 'sipsim', count: number): Promise<string[]> {
  const tokens: string[] = [];
  const one = async () => {
    while (tokens.length < count) {
      const made = (await control(running, 'POST', '/tokens', {
        provider,
        scopes: SCOPES[provider],
        expiresIn: 86_400,
      })) as {
        accessToken: string;
      };
      tokens.push(made.accessToken);
    }
  };
  await Promise.all(Array.from({ length: 8 }, one));
  return tokens.slice(0, count);
}
