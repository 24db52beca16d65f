/** /__admin/webhooks and /__admin/calls: what the fake sends to its clients' servers, and who calls them. */
import type { Request, Router } from 'express';
import { InputError } from '../input-error.ts';
import type { IncomingCallWish, Provider, WebhookWish } from '../provider.ts';

export function addTelephonyRoutes(router: Router, { providers }: { providers: Provider[] }): void {
  const webhooks = providers.flatMap((provider) => provider.webhooks ?? []);
  router.route('/webhooks').get(async (_request, response) => {
    const deliveries = await Promise.all(webhooks.map((authority) => authority.deliveries()));
    response.json({ deliveries: deliveries.flat() });
  });
  router.route('/webhooks/:event').post(async (request, response) => {
    const wish = readWish<WebhookWish>(request, WEBHOOK_WISH);
    const [authority] = webhooks;
    if (!authority) throw new InputError('no provider sends webhooks');
    response.json(await authority.send(request.params.event, wish));
  });
  router.route('/calls').post(async (request, response) => {
    const wish = readWish<IncomingCallWish>(request, CALL_WISH);
    const called = await Promise.all(providers.map((provider) => provider.receiveCall?.(wish)));
    response.status(201).json(called.find((call) => call !== undefined));
  });
}

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

/** An absent body is an empty wish. Throws an InputError that names the member. */
function readWish<Wish extends object>(request: Request, members: Members): Wish {
  const body: unknown = request.body ?? {};
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new InputError('the body must be an object');
  for (const [name, value] of Object.entries(body)) {
    const [what, valid] = (Object.hasOwn(members, name) ? members[name] : undefined) ?? [];
    if (!what || !valid) throw new InputError(`"${name}" is no member; expected: ${Object.keys(members).join(', ')}`);
    if (!valid(value)) throw new InputError(`"${name}" must be ${what}, not ${JSON.stringify(value)}`);
  }
  return body as Wish;
}
