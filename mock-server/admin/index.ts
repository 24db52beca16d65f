/** /__admin and /health: control of the fake, never part of the imitated APIs. */
import express, { type ErrorRequestHandler, type Request, type RequestHandler, type Router } from 'express';
import { type Clock, createClock } from '../clock.ts';
import { InputError } from '../input-error.ts';
import type { Provider, TokenAuthority } from '../provider.ts';
import type { Settings, SettingsPatch } from '../settings.ts';
import { guard } from './guard.ts';

/** What the control API steers. */
export interface Controls {
  clock: Clock;
  settings: Settings;
  configure(patch: SettingsPatch): void;
  providers: Provider[];
  reset(): Promise<void>;
  version: string;
  /** Whether the fake answers on loopback alone. */
  loopback: boolean;
  /** Bearer that the control API wants; without one it answers on loopback alone. */
  adminToken?: string;
}

export function healthRoute(version: string): RequestHandler {
  const started = performance.now();
  return (_request, response) => {
    const uptime = Math.round((performance.now() - started) / 100) / 10;
    response.json({ status: 'ok', version, uptime });
  };
}

export function createAdmin(controls: Controls): Router {
  const { clock, settings } = controls;
  const router = express.Router();
  router.use(guard(controls), express.json({ limit: '1mb', strict: true, type: 'application/json' }));
  router.route('/reset').post(async (_request, response) => {
    await controls.reset();
    response.status(204).end();
  });
  router
    .route('/clock')
    .get((_request, response) => void response.json(clock.state()))
    .put((request, response) => {
      changeClock(clock, bodyOf(request));
      response.json(clock.state());
    });
  router
    .route('/settings')
    .get((_request, response) => void response.json(settings))
    .patch((request, response) => {
      controls.configure(bodyOf(request));
      response.json(settings);
    });
  router
    .route('/tokens')
    .post(async (request, response) => void response.status(201).json(await mint(controls, bodyOf(request))))
    .delete(async (request, response) => {
      const { token } = bodyOf(request);
      const revoked = await Promise.all(authorities(controls).map(([, tokens]) => tokens.revoke(String(token))));
      response.status(revoked.includes(true) ? 204 : 404).end();
    });
  router.use(methodNotAllowed(router), answerMistake);
  return router;
}

const authorities = ({ providers }: Controls): [string, TokenAuthority][] =>
  providers.flatMap(({ name, tokens }) => (tokens ? [[name, tokens] as [string, TokenAuthority]] : []));

/** A mistake of the caller's: 400 with its text. */
const mistake = (message: string) => new InputError(message);

function bodyOf(request: Request): Record<string, unknown> {
  const body: unknown = request.body;
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw mistake('the body must be a JSON object, sent with Content-Type: application/json');
  }
  return body as Record<string, unknown>;
}

/** What a change of the clock may be, and how it is made. */
const CLOCK_CHANGES: Record<
  string,
  { valid: (value: unknown) => boolean; make: (clock: Clock, value: never) => void }
> = {
  advance: { valid: isTextOrNumber, make: (clock, value) => clock.advance(value) },
  set: { valid: isTextOrNumber, make: (clock, value) => clock.set(value) },
  freeze: {
    valid: (value) => typeof value === 'boolean',
    make: (clock, value) => (value ? clock.freeze() : clock.resume()),
  },
  rate: { valid: (value) => typeof value === 'number', make: (clock, value) => clock.rate(value) },
  reset: { valid: (value) => value === true, make: (clock) => clock.reset() },
};

function isTextOrNumber(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number';
}

/** All the changes or none: they are tried on a clock of their own first. */
function changeClock(clock: Clock, body: Record<string, unknown>): void {
  const changes = Object.entries(body).map(([name, value]) => {
    const change = Object.hasOwn(CLOCK_CHANGES, name) ? CLOCK_CHANGES[name] : undefined;
    if (!change)
      throw mistake(`"${name}" is no change of the clock; expected: ${Object.keys(CLOCK_CHANGES).join(', ')}`);
    if (!change.valid(value)) throw mistake(`"${name}" cannot be ${JSON.stringify(value)}`);
    return (subject: Clock) => change.make(subject, value as never);
  });
  if (changes.length === 0)
    throw mistake(`"" is no change of the clock; expected: ${Object.keys(CLOCK_CHANGES).join(', ')}`);
  const trial = createClock(clock.now);
  for (const change of changes) change(trial);
  for (const change of changes) change(clock);
}

async function mint(controls: Controls, body: Record<string, unknown>) {
  const { provider = 'sipgate', client, scopes, expiresIn } = body;
  const tokens = authorities(controls).find(([name]) => name === provider)?.[1];
  if (!tokens)
    throw mistake(
      `"provider" must be one of ${authorities(controls)
        .map(([name]) => name)
        .join(', ')}`,
    );
  if (client !== undefined && typeof client !== 'string') throw mistake('"client" must be a client id');
  if (scopes !== undefined && !isStringList(scopes)) throw mistake('"scopes" must be a list of strings');
  if (expiresIn !== undefined && !(Number.isInteger(expiresIn) && Number(expiresIn) > 0)) {
    throw mistake('"expiresIn" must be a positive number of seconds');
  }
  return tokens.mint({
    ...(client !== undefined && { client }),
    ...(scopes !== undefined && { scopes }),
    ...(expiresIn !== undefined && { expiresIn: Number(expiresIn) }),
  });
}

const isStringList = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');

function methodNotAllowed(router: Router): RequestHandler {
  return (request, response) => {
    const route = router.stack.find((layer) => layer.route?.path === request.path)?.route;
    if (!route) return void response.status(404).json({ error: `the control API has no ${request.path}` });
    const methods = route.stack.map((layer) => layer.method.toUpperCase());
    response.status(405).set('allow', [...new Set(methods)].join(', '));
    response.json({ error: `${request.method} is not allowed here` });
  };
}

// Express knows an error handler by its four parameters.
const answerMistake: ErrorRequestHandler = (error, _request, response, _next) => {
  const status = error instanceof InputError ? 400 : (error.status ?? 500);
  response.status(status).json({ error: String(error.message) });
};
