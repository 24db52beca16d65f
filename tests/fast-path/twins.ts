/** Two mocks in the same state, one with the fast path and one without: asked the same, they must say the same. */
import { Agent, request } from 'node:http';
import { type Mock, type MockNamespace, startMock } from '../../mock-server/index.ts';

export interface Question {
  method: string;
  /** Without the namespace. */
  path: string;
  headers?: Record<string, string | string[]>;
  body?: string;
}

export interface Said {
  status: number;
  headers: string[];
  body: string;
}

export const NAMESPACES = ['', 'one', 'two'];

export interface Twins {
  fast: Mock;
  plain: Mock;
  /** The same act on both. What it returns must be the same; so must what it throws. */
  both<Result>(namespace: string, act: (mock: MockNamespace) => Result | Promise<Result>): Promise<[Result, Result]>;
  ask(namespace: string, question: Question): Promise<[Said, Said]>;
  /** The state of the one, random secrets and all, is the other's too. */
  align(): Promise<void>;
  close(): Promise<void>;
}

export async function startTwins(randomSeed: string): Promise<Twins> {
  // The journals are compared often enough.
  const options = { randomSeed, settings: { server: { journalSize: 150 } } };
  const [fast, plain] = await Promise.all([startMock(options), startMock({ ...options, fastPath: false })]);
  const agent = new Agent({ keepAlive: true });
  const worldOf = (mock: Mock, namespace: string): MockNamespace | Promise<MockNamespace> =>
    namespace === '' ? mock : mock.namespace(namespace);
  const twins: Twins = {
    fast,
    plain,
    both: async (namespace, act) => [
      await act(await worldOf(fast, namespace)),
      await act(await worldOf(plain, namespace)),
    ],
    ask: async (namespace, question) => [
      await send(agent, fast.url, namespace, question),
      await send(agent, plain.url, namespace, question),
    ],
    align: async () => {
      for (const name of NAMESPACES) {
        const state = await (await worldOf(fast, name)).saveState();
        // Into both: what a state does not hold, such as how far a limit's window is, begins again.
        for (const mock of [fast, plain]) await (await worldOf(mock, name)).restoreState(state);
      }
    },
    close: async () => {
      agent.destroy();
      await Promise.all([fast.close(), plain.close()]);
    },
  };
  await twins.align();
  return twins;
}

function send(agent: Agent, url: string, namespace: string, { method, path, headers, body }: Question): Promise<Said> {
  const { port } = new URL(url);
  const target = namespace === '' ? path : `/~${namespace}${path}`;
  // One Host for both: it stands in issuers and links.
  const options = {
    agent,
    port,
    host: '127.0.0.1',
    method,
    path: target,
    headers: { host: 'fake.example', ...headers },
  };
  return new Promise((resolve, reject) => {
    const sent = request(options, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () => {
        const text = Buffer.concat(chunks).toString('latin1');
        resolve({ status: answer.statusCode ?? 0, headers: answer.rawHeaders.map(unlabelled), body: unlabelled(text) });
      });
    });
    sent.on('error', (error: NodeJS.ErrnoException) => resolve({ status: 0, headers: [], body: String(error.code) }));
    sent.end(body);
  });
}

/** The labels of secrets are salted. */
const unlabelled = (text: string) => text.replace(/\[secret:[0-9a-f]{6}\]/g, '[secret]');

/** What must be the same in two journals: all but real time. */
export const comparable = (mock: MockNamespace): string[] =>
  mock.requests().map((entry) => unlabelled(JSON.stringify({ ...entry, milliseconds: null })));
