/** /__admin/webhooks and /__admin/calls: what the fake sends to its clients' servers, and who calls them. */
import { InputError } from '../input-error.ts';
import type { IncomingCallWish, Provider, WebhookWish } from '../provider.ts';
import { type AdminRoute, part } from './route.ts';

export const telephonyRoutes: AdminRoute[] = [
  {
    ...{ method: 'get', path: '/webhooks', operationId: 'getWebhooks', summary: 'Webhooks that were sent' },
    answers: { 200: { description: 'The oldest first, each with its answer', schema: part('Deliveries') } },
    handle: async ({ world }) => {
      const deliveries = await Promise.all(authorities(world.providers).map((authority) => authority.deliveries()));
      return { status: 200, body: { deliveries: deliveries.flat() } };
    },
  },
  {
    ...{ method: 'post', path: '/webhooks/{event}', operationId: 'sendWebhook', summary: 'Sends an event by hand' },
    body: part('WebhookWish'),
    answers: { 200: { description: 'What was sent, with its answer', schema: part('Delivery') } },
    handle: async ({ world, params, bodyIfAny }) => {
      const wish = readWish<WebhookWish>(bodyIfAny(), WEBHOOK_WISH);
      const [authority] = authorities(world.providers);
      if (!authority) throw new InputError('no provider sends webhooks');
      return { status: 200, body: await authority.send(params.event ?? '', wish) };
    },
  },
  {
    ...{ method: 'post', path: '/calls', operationId: 'receiveCall', summary: 'Makes somebody call' },
    body: part('IncomingCallWish'),
    answers: { 201: { description: 'The call as its API shows it', schema: { type: 'object' } } },
    handle: async ({ world, bodyIfAny }) => {
      const wish = readWish<IncomingCallWish>(bodyIfAny(), CALL_WISH);
      const called = await Promise.all(world.providers.map((provider) => provider.receiveCall?.(wish)));
      return { status: 201, body: called.find((call) => call !== undefined) };
    },
  },
];

const authorities = (providers: Provider[]) => providers.flatMap((provider) => provider.webhooks ?? []);

/** What a member may be, and the test of it. */
type Members = Record<string, [what: string, valid: (value: unknown) => boolean]>;

const text = (value: unknown) => typeof value === 'string';
const seconds = (value: unknown) => typeof value === 'number' && value >= 0 && value <= 86_400;
const OUTCOMES = ['ANSWER', 'MISSED', 'BUSY', 'NOANSWER', 'VOICEMAIL'];

const WEBHOOK_WISH: Members = {
  client: ['a client id', text],
  url: ['a URL', (value) => URL.canParse(String(value))],
  payload: ['an object', (value) => typeof value === 'object' && value !== null && !Array.isArray(value)],
};

const CALL_WISH: Members = {
  account: ['the id of an account', Number.isInteger],
  caller: ['a number such as +4930123456789', (value) => /^\+[1-9]\d{1,14}$/.test(String(value))],
  receiver: ["one of the account's numbers", text],
  chain: ['a list of numbers', (value) => Array.isArray(value) && value.every(text)],
  outcome: [`one of ${OUTCOMES.join(', ')}`, (value) => OUTCOMES.includes(String(value))],
  ringSeconds: ['seconds, a day at most', seconds],
  talkSeconds: ['seconds, a day at most', seconds],
};

/** Throws an InputError that names the member. */
function readWish<Wish extends object>(wish: Record<string, unknown>, members: Members): Wish {
  for (const [name, value] of Object.entries(wish)) {
    const [what, valid] = (Object.hasOwn(members, name) ? members[name] : undefined) ?? [];
    if (!what || !valid) throw new InputError(`"${name}" is no member; expected: ${Object.keys(members).join(', ')}`);
    if (!valid(value)) throw new InputError(`"${name}" must be ${what}, not ${JSON.stringify(value)}`);
  }
  return wish as Wish;
}
