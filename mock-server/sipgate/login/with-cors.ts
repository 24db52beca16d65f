/** The same headers on what an endpoint answers and on what it refuses. */
import { ApiError } from '../../errors.ts';
import type { Answer } from '../../provider.ts';

export async function withCors(headers: Record<string, string>, answer: () => Promise<Answer>): Promise<Answer> {
  try {
    const given = await answer();
    return { ...given, headers: { ...given.headers, ...headers } };
  } catch (error) {
    if (error instanceof ApiError) Object.assign(error.headers, headers);
    throw error;
  }
}
