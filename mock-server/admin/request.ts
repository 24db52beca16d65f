/** /__admin/requests/{id}: one exchange as its reader wants it explained, and the same request once more. */
import { NOT_OURS } from '../errors.ts';
import { InputError } from '../input-error.ts';
import { type CarriedToken, carriedTokens, maskedValue } from '../journal/carried-tokens.ts';
import type { RecordedExchange } from '../journal/exchange.ts';
import { viewOf } from '../journal/view.ts';
import { readJwt } from '../jwt.ts';
import type { Mask } from '../masking/secrets.ts';
import type { Principal } from '../provider.ts';
import type { World } from '../world.ts';
import { replay } from './replay.ts';
import { type AdminRoute, EMPTY, part } from './route.ts';

export const requestRoute: AdminRoute[] = [
  {
    ...{ method: 'get', path: '/requests/{id}', operationId: 'getRequest', summary: 'One exchange, explained' },
    answers: { 200: { description: 'With its tokens, decoded', schema: part('Explained') }, 404: EMPTY('Not kept') },
    handle: async ({ world, params }) => {
      const exchange = found(world, params);
      return exchange ? { status: 200, body: await explained(exchange, world) } : { status: 404 };
    },
  },
  {
    ...{ method: 'post', path: '/requests/{id}/replay', operationId: 'replayRequest', summary: 'Asks the same again' },
    answers: { 200: { description: 'What came of it', schema: part('Replayed') }, 404: EMPTY('Not kept') },
    handle: async ({ world, params }) => {
      const exchange = found(world, params);
      return exchange
        ? { status: 200, body: await replay(exchange, world.address(), world.namespace) }
        : { status: 404 };
    },
  },
];

function found({ journal }: World, { id = '' }: Record<string, string>): RecordedExchange | undefined {
  if (!/^\d{1,15}$/.test(id)) throw new InputError(`"id" must be a whole number, not "${id.slice(0, 40)}"`);
  return journal.find(Number(id));
}

async function explained(exchange: RecordedExchange, world: World): Promise<object> {
  const { refusal } = exchange;
  const mask = world.journal.masker();
  const tokens = carriedTokens(exchange).map((carried) => explainedToken(carried, mask, world));
  return {
    entry: viewOf(exchange, mask),
    arrivedAt: new Date(exchange.arrivedAt).toISOString(),
    refusal: refusal ? { code: refusal.code, wanted: refusal.wanted, granted: refusal.granted ?? null } : null,
    tokens: await Promise.all(tokens),
  };
}

/** What the token says of itself, and what it is worth by now. */
async function explainedToken({ side, place, token }: CarriedToken, mask: Mask, world: World): Promise<object> {
  const decoded = readJwt(token);
  const { exp } = decoded?.claims ?? {};
  const judged = await judge(token, world);
  return {
    ...{ side, place, label: mask.secret(token) },
    header: decoded ? maskedValue(decoded.header, mask) : null,
    claims: decoded ? maskedValue(decoded.claims, mask) : null,
    secondsLeft: typeof exp === 'number' ? exp - world.clock.seconds() : null,
    ...(typeof judged === 'string'
      ? { good: false, why: mask(judged), client: null, scopes: null }
      : { good: true, why: null, client: mask(judged.client), scopes: judged.scopes }),
  };
}

/** Who an access token speaks for in this world by now, or why for nobody. */
async function judge(token: string, { providers }: World): Promise<Principal | string> {
  const verdicts = await Promise.all(providers.flatMap(({ tokens }) => tokens?.judge(token) ?? []));
  const principal = verdicts.find((verdict) => typeof verdict !== 'string');
  // The one that recognised it (expired, revoked) knows best.
  return principal ?? verdicts.find((verdict) => verdict !== NOT_OURS) ?? NOT_OURS;
}
