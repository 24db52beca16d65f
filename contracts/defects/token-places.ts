/** The two token endpoints, for defects that both can have. */
import type { Defect, WireAnswer } from '../broken-server.ts';
import { isLoginToken, isSipsimAccount, isSipsimToken, type Which } from './token-wire.ts';

interface Place {
  provider: 'sipgate' | 'sipsim';
  isToken: Which;
  isResource: Which;
  scope: string;
}

const places: Place[] = [
  {
    provider: 'sipgate',
    isToken: isLoginToken,
    isResource: ({ path }) => /^\/v2\/account/.test(path),
    scope: 'account:read',
  },
  { provider: 'sipsim', isToken: isSipsimToken, isResource: isSipsimAccount, scope: 'account.read' },
];

/** Each place, with the ids of its checks and its name in the titles. */
export const atEachPlace = (defects: (place: Place) => Defect[]): Defect[] =>
  places.flatMap((place) =>
    defects(place).map((defect) => ({
      ...defect,
      title: `${place.provider}: ${defect.title}`,
      catches: defect.catches.map((id) => `${place.provider}.${id}`),
    })),
  );

/** How a broken resource refuses a token. */
export const unauthorized = (error: string): WireAnswer => ({
  status: 401,
  headers: { 'www-authenticate': `Bearer realm="broken", error="${error}"` },
  body: '',
});
