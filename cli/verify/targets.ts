/** Whom `verify` asks: a fake that it starts, a running one, another origin, or the services of the environment. */
import type { SideRole, Target, Targets } from '../../contracts/index.ts';
import type { Mock } from '../../mock-server/index.ts';
import { CliError, EXIT } from '../cli-error.ts';

export interface TargetOptions {
  target: 'mock' | 'real' | 'both';
  baseUrl?: string;
  mockUrl?: string;
  randomSeed?: string;
}

export interface Asked {
  targets: Targets;
  /** Ends the fake, if one was started. */
  close(): Promise<void>;
}

/** @param environment credentials, and the real services' URLs. */
export async function openTargets(options: TargetOptions, environment: NodeJS.ProcessEnv): Promise<Asked> {
  refuseContradictions(options);
  const { target, baseUrl, mockUrl } = options;
  const wanted = baseUrl !== undefined && target === 'mock' ? 'origin' : target;
  const mock = wanted !== 'origin' && wanted !== 'real' && mockUrl === undefined ? await start(options) : undefined;
  const targets: Targets = {};
  if (wanted === 'mock' || wanted === 'both') {
    targets.mock = mock ? await targetOfMock(mock, environment) : await targetOfOrigin(mockUrl ?? '', environment);
  }
  if (wanted === 'origin') {
    const asked = await targetOfOrigin(baseUrl ?? '', environment);
    targets[roleOf(asked)] = asked;
  }
  if (wanted === 'real' || wanted === 'both') {
    targets.real =
      baseUrl === undefined ? await targetOfServices(environment) : await targetOfOrigin(baseUrl, environment);
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
  return startMock({ ...(randomSeed !== undefined && { randomSeed }) });
}

async function targetOfMock(mock: Mock, environment: NodeJS.ProcessEnv): Promise<Target> {
  const { createTarget, urlsOfOrigin } = await import('../../contracts/index.ts');
  return withControl(createTarget('mock', urlsOfOrigin(mock.url), mock.environment), mock.adminUrl, environment);
}

async function targetOfServices(environment: NodeJS.ProcessEnv): Promise<Target> {
  const { createTarget, urlsOfEnvironment } = await import('../../contracts/index.ts');
  return createTarget('real', urlsOfEnvironment(environment), environment);
}

async function targetOfOrigin(origin: string, environment: NodeJS.ProcessEnv): Promise<Target> {
  const { createTarget, isLoopback, urlsOfOrigin } = await import('../../contracts/index.ts');
  const target = createTarget(origin, urlsOfOrigin(origin), environment);
  if (!isLoopback(target)) return target;
  // A fake with its default data on this machine: its credentials are no secret, and its control API may be asked.
  const { demoEnvironment } = await import('../../mock-server/index.ts');
  const known = createTarget(origin, urlsOfOrigin(origin), { ...demoEnvironment(origin), ...environment });
  return withControl(known, await controlOf(origin, environment), environment);
}

const withControl = (target: Target, url: string | undefined, { SIDETONE_ADMIN_TOKEN: token }: NodeJS.ProcessEnv) =>
  url === undefined ? target : { ...target, control: { url, ...(token && { token }) } };

async function controlOf(origin: string, { SIDETONE_ADMIN_URL: known }: NodeJS.ProcessEnv) {
  const url = known ?? `${origin}/__admin`;
  const answer = await fetch(`${url}/clock`, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
  return answer?.status === 200 ? url : undefined;
}
