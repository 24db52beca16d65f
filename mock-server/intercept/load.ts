/** What most mocks do without, loaded where it is asked for. */
import type { Interception, InterceptionOptions } from './interception.ts';
import type { Recorder } from './recording.ts';

export async function openRecorder(path: string | undefined): Promise<Recorder | undefined> {
  if (path === undefined) return undefined;
  const { createRecorder } = await import('./recording.ts');
  return createRecorder(path);
}

export async function intercept(options: InterceptionOptions): Promise<Interception> {
  const { createInterception } = await import('./interception.ts');
  return createInterception(options);
}
