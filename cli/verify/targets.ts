/** Whom `verify` asks: a fake that it starts, a running one, another origin, or the services of the environment. */
import type { SideRole, Target, Targets } from '../../contracts/index.ts';
import type { Mock } from '../../mock-server/index.ts';
import { CliError, EXIT } from '../cli-error.ts';

export interface TargetOptions {
  target: 'mock' | 'real' | 'both';
  baseUrl?: string;
  mockUrl?: string;
  randomSeed?: string;
  /** Nobody is started, and nobody asked, not even for the control API. */
  dryRun?: boolean;
}

export interface Asked {
  targets: Targets;
  /** Ends the fake, if one was started. */
  close(): Promise<void>;
}

/** Of `sidetone start`. */
const DEFAULT_ORIGIN = 'http://127.0.0.1:4010';

/** @param environment credentials, and the real services' URLs. */
export async function openTargets(options: TargetOptions, environment: NodeJS.ProcessEnv): Promise<Asked> {
  refuseContradictions(options);
  const { target, baseUrl, mockUrl, dryRun = false } = options;
  const wanted = baseUrl !== undefined && target === 'mock' ? 'origin' : target;
  const starts = (wanted === 'mock' || wanted === 'both') && mockUrl === undefined && !dryRun;
  const mock = starts ? await start(options) : undefined;
  const targetOfOrigin = (origin: string) => targetAt(origin, environment, dryRun);
  const targets: Targets = {};
  if (wanted === 'mock' || wanted === 'both') {
    const there = mock ? await targetOfMock(mock, environment) : await targetOfOrigin(mockUrl ?? DEFAULT_ORIGIN);
    targets.mock = mockUrl === undefined ? { ...there, name: 'mock' } : there;
  }
  if (wanted === 'origin') {
    const asked = await targetOfOrigin(baseUrl ?? '');
    targets[roleOf(asked)] = asked;
  }
  if (wanted === 'real' || wanted === 'both') {
    targets.real = baseUrl === undefined ? await targetOfServices(environment) : await targetOfOrigin(baseUrl);
  }
  return { targets, close: async () => mock?.close() };
}

function refuseContradictions({ target, baseUrl, mockUrl }: TargetOptions): void {
  if (mockUrl === undefined) return;
  if (target === 'real') throw new CliError('--mock-url: with --target real no fake is asked', EXIT.usage);
  if (target === 'mock' && baseUrl !== undefined) {
    throw new CliError('--mock-url and --base-url name two targets; ask both with --target both', EXIT.usage);
  }
}

/** Whoever has the control API is a fake. */
const roleOf = ({ control }: Target): SideRole => (control === undefined ? 'real' : 'mock');

async function start({ randomSeed }: TargetOptions): Promise<Mock> {
  const { startMock } = await import('../../mock-server/index.ts');
  if (randomSeed === undefined) return startMock();
  const mock = await startMock({ randomSeed });
  // Else it would be chance which of the calls that are listed still ring.
  mock.clock.freeze();
  return mock;
}

async function targetOfMock(mock: Mock, environment: NodeJS.ProcessEnv): Promise<Target> {
  const { createTarget, urlsOfOrigin } = await import('../../contracts/index.ts');
  const target = createTarget('mock', urlsOfOrigin(mock.url), mock.environment);
  // Its port is another one in each run. By the default one, lines that repeat a request ask what `sidetone start` serves.
  const shownAs = { origin: mock.url, as: DEFAULT_ORIGIN };
  return withControl({ ...target, shownAs }, mock.adminUrl, environment);
}

async function targetOfServices(environment: NodeJS.ProcessEnv): Promise<Target> {
  const { createTarget, urlsOfEnvironment } = await import('../../contracts/index.ts');
  return createTarget('real', urlsOfEnvironment(environment), environment);
}

async function targetAt(origin: string, environment: NodeJS.ProcessEnv, dryRun: boolean): Promise<Target> {
  const { createTarget, isLoopback, urlsOfOrigin } = await import('../../contracts/index.ts');
  const target = createTarget(origin, urlsOfOrigin(origin), environment);
  if (!isLoopback(target)) return target;
  // A fake with its default data on this machine: its credentials are no secret, and its control API may be asked.
  const { demoEnvironment } = await import('../../mock-server/index.ts');
  const known = createTarget(origin, urlsOfOrigin(origin), { ...demoEnvironment(origin), ...environment });
  return withControl(known, dryRun ? `${origin}/__admin` : await controlOf(origin, environment), environment);
}

const withControl = (target: Target, url: string | undefined, { SIDETONE_ADMIN_TOKEN: token }: NodeJS.ProcessEnv) =>
  url === undefined ? target : { ...target, control: { url, ...(token && { token }) } };

async function controlOf(origin: string, { SIDETONE_ADMIN_URL: known }: NodeJS.ProcessEnv) {
  const url = known ?? `${origin}/__admin`;
  const answer = await fetch(`${url}/clock`, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
  return answer?.status === 200 ? url : undefined;
}
