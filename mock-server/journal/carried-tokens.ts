/** The tokens that an exchange carries: those that the request is made with, and those that the answer deals. */
import { splitAuthorization } from '../credentials.ts';
import type { Mask } from '../masking/secrets.ts';
import type { RecordedExchange } from './exchange.ts';
import { authorizationOf } from './filter.ts';

export interface CarriedToken {
  side: 'request' | 'answer';
  /** Header, parameter or member that it stands in. */
  place: string;
  token: string;
}

/** Parameters of requests and members of answers that are a token's. */
const PARAMETERS = ['access_token', 'bearer_token', 'refresh_token', 'id_token_hint', 'token'];
const MEMBERS = ['access_token', 'refresh_token', 'id_token'];
/** Longer bodies are no token request, and no answer to one. */
const LONGEST = 65_536;

export function carriedTokens(exchange: RecordedExchange): CarriedToken[] {
  const { scheme, credentials } = splitAuthorization(authorizationOf(exchange) ?? '');
  const inHeader = scheme === 'bearer' && credentials !== '' ? [['Authorization', credentials] as const] : [];
  const inRequest = [...inHeader, ...parametersOf(queryOf(exchange)), ...parametersOf(formOf(exchange))];
  return [
    ...inRequest.map(([place, token]) => ({ side: 'request' as const, place, token })),
    ...dealtTokens(exchange).map(([place, token]) => ({ side: 'answer' as const, place, token })),
  ];
}

/** By the member's name. */
export function dealtTokens({ answer }: RecordedExchange): [string, string][] {
  const { text = '' } = answer?.body ?? {};
  if (answer?.status !== 200 || text.length > LONGEST || !text.includes('_token')) return [];
  const members = objectOf(text);
  return MEMBERS.flatMap((name): [string, string][] => {
    const token = members[name];
    return typeof token === 'string' ? [[name, token]] : [];
  });
}

const queryOf = ({ target }: RecordedExchange) => target.split('?').slice(1).join('?');

function formOf({ body }: RecordedExchange): string {
  const { bytes } = body ?? {};
  return bytes && bytes.length <= LONGEST && bytes.includes('token') ? bytes.toString('latin1') : '';
}

function parametersOf(form: string): [string, string][] {
  if (!form.includes('token')) return [];
  const parameters = new URLSearchParams(form);
  return PARAMETERS.flatMap((name): [string, string][] => {
    const token = parameters.get(name);
    return token ? [[name, token]] : [];
  });
}

/** Secrets within a value, masked; whatever else it is, it stays. */
export function maskedValue(value: unknown, mask: Mask): unknown {
  if (typeof value === 'string') return mask(value);
  if (Array.isArray(value)) return value.map((item) => maskedValue(item, mask));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [mask(name), maskedValue(member, mask)]));
}

function objectOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
