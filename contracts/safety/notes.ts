/** What a check wants told beside its verdict, such as how long something took; kept like its trace. */
import { AsyncLocalStorage } from 'node:async_hooks';

const current = new AsyncLocalStorage<string[]>();

/** Runs an action and collects its notes. */
export const noted = <T>(notes: string[], action: () => Promise<T>): Promise<T> => current.run(notes, action);

/** Adds to the notes of the action that is running; nothing where nobody collects them. */
export const note = (text: string): void => void current.getStore()?.push(text);
