/** What features cost: the same request as in the first case, with one more thing on. */
import { get } from 'node:http';
import type { Case, Scene } from './cases.ts';
import { makeCertificate } from './certificate.ts';
import { asking, type Contender, NotThere } from './contenders.ts';
import { ACCOUNT, bare, control, fake, PAT } from './fake.ts';
import type { Running } from './processes.ts';

const authorized = { path: ACCOUNT, headers: { authorization: PAT } };

const nextToBare = ({ body }: Scene, contender: Contender): Contender[] => [
  { name: 'node:http', program: bare(body), plan: asking(authorized) },
  contender,
];

/** One thing changed in a running fake. */
const changed = (id: string, title: string, prepare: Contender['prepare']): Case => ({
  ...{ id, title },
  contenders: (scene) =>
    nextToBare(scene, {
      ...{ name: 'Sidetone', program: fake(scene.home), plan: asking(authorized) },
      ...(prepare && { prepare }),
    }),
});

export const featureCases: Case[] = [
  changed('journal-off', 'the same, without a journal', async (running) => {
    await control(running, 'PATCH', '/settings', { server: { journal: false } });
    return undefined;
  }),
  changed('faults', 'the same, with a fault armed for another operation', async (running) => {
    await control(running, 'POST', '/faults', { match: { operation: 'sipsim.getAccount' }, answer: { status: 503 } });
    return undefined;
  }),
  {
    ...{ id: 'plain-path', title: 'the same, with --no-fast-path' },
    contenders: (scene) =>
      nextToBare(scene, {
        ...{ name: 'Sidetone', program: fake(scene.home, { flags: ['--no-fast-path'] }), plan: asking(authorized) },
      }),
  },
  {
    ...{ id: 'namespace', title: 'the same, in a namespace' },
    contenders: (scene) =>
      nextToBare(scene, {
        ...{ name: 'Sidetone', program: fake(scene.home), plan: asking({ ...authorized, path: `/~bench${ACCOUNT}` }) },
      }),
  },
  changed('inspector', 'the same, while an inspector reads the stream of events', readEvents),
  {
    ...{ id: 'tls', title: 'the same, by https' },
    contenders: ({ home, body }) => {
      const tls = makeCertificate();
      return [
        { name: 'node:https', program: bare(body, { tls }), plan: asking(authorized) },
        { name: 'Sidetone', program: fake(home, { flags: ['--tls'], secure: true }), plan: asking(authorized) },
      ];
    },
  },
  {
    ...{ id: 'proxy', title: 'the same, as https://api.sipgate.com through a CONNECT tunnel' },
    contenders: ({ home, body }) => {
      const tls = makeCertificate();
      const host = 'api.sipgate.com';
      const asked = { ...authorized, headers: { ...authorized.headers, host } };
      return [
        { name: 'node:https', program: bare(body, { tls }), plan: asking(authorized) },
        {
          ...{ name: 'Sidetone', program: fake(home, { flags: ['--intercept'] }) },
          plan: () => ({ requests: [asked], tunnel: host }),
        },
      ];
    },
  },
  ...wideCases(),
];

/** Until the case is over. */
function readEvents(running: Running): Promise<() => void> {
  return new Promise((resolve, reject) => {
    const reading = get(`${running.url}/__admin/events`, (answer) => {
      if (answer.statusCode !== 200) {
        answer.resume();
        reject(new NotThere(`GET /__admin/events answers ${answer.statusCode}`));
        return;
      }
      answer.resume();
      resolve(() => reading.destroy());
    });
    reading.on('error', reject);
  });
}

/** With 180 operations instead of some 30. */
function wideCases(): Case[] {
  const wide = (id: string, title: string, asked: Parameters<typeof asking>[0], status = 200): Case => ({
    ...{ id, title },
    contenders: async (scene) => {
      const contender = (name: string, home: string): Contender => ({
        ...{ name, program: { ...fake(home), name }, expected: [status], plan: asking(asked) },
      });
      return [contender('Sidetone', scene.home), contender('Sidetone, 180 operations', await scene.wideHome())];
    },
  });
  return [
    wide('wide-pat', 'GET /v2/account with 180 operations in the document', authorized),
    wide('wide-404', '404 with 180 operations in the document', { path: '/v2/nothing' }, 404),
  ];
}
