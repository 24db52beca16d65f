/** What checks say about answers. Each throws a CheckFailure that names what was expected and what came. */
import { CheckFailure } from './check.ts';
import type { Reply } from './client.ts';

const said = ({ request, status }: Reply) => `${request.method} ${new URL(request.url).pathname} -> ${status}`;

export function expectThat(condition: boolean, reply: Reply, expectation: string): asserts condition {
  if (!condition) throw new CheckFailure(`${said(reply)}: ${expectation}`);
}

/** Exactly this status: another one of the same class is a failure. */
export function expectStatus(reply: Reply, status: number): void {
  expectThat(reply.status === status, reply, `expected status ${status}`);
}

/** The header's value. */
export function expectHeader(reply: Reply, name: string): string {
  const value = reply.headers[name.toLowerCase()];
  expectThat(value !== undefined && value !== '', reply, `expected the header ${name}`);
  return value;
}

export function expectNoHeader(reply: Reply, name: string): void {
  const value = reply.headers[name.toLowerCase()];
  expectThat(value === undefined, reply, `expected no header ${name}, got "${value}"`);
}

export function expectEmptyBody(reply: Reply): void {
  expectThat(reply.text === '', reply, `expected an empty body, got ${JSON.stringify(reply.text)}`);
}

/** A member of the JSON body, of this type. */
export function expectMember(reply: Reply, name: string, type: 'string'): string;
export function expectMember(reply: Reply, name: string, type: 'number'): number;
export function expectMember(reply: Reply, name: string, type: 'object'): Record<string, unknown>;
export function expectMember(reply: Reply, name: string, type: 'array'): unknown[];
export function expectMember(reply: Reply, name: string, type: string): unknown {
  const value = reply.json()[name];
  const actual = Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;
  expectThat(actual === type, reply, `expected the member "${name}" to be of type ${type}, got ${actual}`);
  return value;
}

export function expectEqual(reply: Reply, what: string, actual: unknown, expected: unknown): void {
  const [one, other] = [JSON.stringify(actual), JSON.stringify(expected)];
  expectThat(one === other, reply, `expected ${what} to be ${other}, got ${one}`);
}

/** An OAuth error (RFC 6749 §5.2): status and code, never the wording of its description. */
export function expectOAuthError(reply: Reply, status: number, error: string): void {
  expectStatus(reply, status);
  expectEqual(reply, '"error"', reply.json().error, error);
}

export interface Challenge {
  scheme: string;
  parameters: Record<string, string>;
}

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const PARAMETER = new RegExp(`^(${TOKEN})\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|(${TOKEN}))`);

/** The challenges of WWW-Authenticate (RFC 9110 §11.6.1), scheme in lower case. Fails if they cannot be parsed. */
export function expectChallenges(reply: Reply): Challenge[] {
  const header = expectHeader(reply, 'WWW-Authenticate');
  const challenges: Challenge[] = [];
  let rest = header.trim();
  while (rest !== '') {
    const parameter = PARAMETER.exec(rest);
    const current = challenges.at(-1);
    if (parameter && current) {
      const name = (parameter[1] ?? '').toLowerCase();
      expectThat(
        !(name in current.parameters),
        reply,
        `WWW-Authenticate repeats "${name}" in one challenge: ${header}`,
      );
      current.parameters[name] = parameter[2] ?? parameter[3] ?? '';
      rest = rest.slice(parameter[0].length);
    } else {
      const scheme = new RegExp(`^(${TOKEN})(?:\\s+|(?=,)|$)`).exec(rest);
      expectThat(scheme !== null, reply, `WWW-Authenticate is no list of challenges: ${header}`);
      challenges.push({ scheme: (scheme[1] ?? '').toLowerCase(), parameters: {} });
      rest = rest.slice(scheme[0].length);
    }
    rest = rest.replace(/^\s*,?\s*/, '');
  }
  return challenges;
}

/** The challenge of one scheme. */
export function expectChallenge(reply: Reply, scheme: string): Challenge {
  const challenges = expectChallenges(reply);
  const found = challenges.find((challenge) => challenge.scheme === scheme.toLowerCase());
  expectThat(found !== undefined, reply, `expected a ${scheme} challenge, got "${reply.headers['www-authenticate']}"`);
  return found;
}
