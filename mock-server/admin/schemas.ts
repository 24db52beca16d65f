/** The named parts of the control API's document. */
import { faultSchema } from '../faults/schema.ts';
import { CREDENTIAL_KINDS } from '../journal/filter.ts';
import { CREDENTIAL_HOLDERS } from './credentials.ts';
import { part } from './route.ts';

const text = { type: 'string' };
const integer = { type: 'integer' };
const number = { type: 'number' };
const instant = { type: 'string', format: 'date-time' };
const orNull = (schema: object) => ({ anyOf: [schema, { type: 'null' }] });
const list = (items: object) => ({ type: 'array', items });

/** Every member must be there, but for the optional ones. */
const record = (properties: Record<string, object>, optional: string[] = []) => ({
  type: 'object',
  additionalProperties: false,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  properties,
});

const duration = { type: ['string', 'number'], description: 'Milliseconds, "90s", "2h", "PT2H30M"' };
const headers = list({ type: 'array', prefixItems: [text, text], minItems: 2, maxItems: 2 });
const message = { headers, body: orNull(text), bodySize: integer };

const journal = {
  JournalEntry: record({
    id: integer,
    time: { ...instant, description: "The mock's time of arrival" },
    method: text,
    host: { ...orNull(text), description: "The vendor's host that it was meant for; null for the fake's own address" },
    path: text,
    query: text,
    httpVersion: text,
    provider: text,
    operation: orNull(text),
    credential: record(
      {
        kind: { enum: [...CREDENTIAL_KINDS] },
        client: orNull(text),
        accepted: { type: 'boolean' },
        user: text,
        scopes: list(text),
      },
      ['user', 'scopes'],
    ),
    reason: { ...orNull(text), description: 'Why a refusal' },
    fault: { ...orNull(record({ id: text, kind: text })), description: 'The fault that has struck' },
    milliseconds: { ...orNull(number), description: 'Real time until the answer; null while there is none' },
    request: record(message),
    answer: orNull(record({ status: integer, ...message })),
    aborted: { type: 'boolean' },
  }),
  Requests: record({ requests: list(part('JournalEntry')) }),
  Explained: record({
    entry: part('JournalEntry'),
    arrivedAt: { ...instant, description: 'Real time' },
    refusal: orNull(
      record({
        code: { ...text, description: 'OAuth error code where one exists' },
        wanted: { ...list(text), description: 'Scopes of which one would do (403), or methods of the path (405)' },
        granted: { ...orNull(list(text)), description: 'Scopes of the credential that did not do' },
      }),
    ),
    tokens: list(
      record({
        side: { enum: ['request', 'answer'] },
        place: { ...text, description: 'Header, parameter or member' },
        label: text,
        header: { ...orNull({ type: 'object' }), description: 'Of a JWT, as it says itself' },
        claims: { ...orNull({ type: 'object' }), description: 'Of a JWT, as it says itself' },
        secondsLeft: { ...orNull(number), description: "By the mock's clock; below 0 for an expired one" },
        good: { type: 'boolean', description: 'Whether it opens anything by now' },
        why: { ...orNull(text), description: 'Why it opens nothing' },
        client: orNull(text),
        scopes: orNull(list(text)),
      }),
    ),
  }),
  Replayed: record({ status: { ...integer, description: '0 where there was no answer' }, milliseconds: number }),
  News: {
    ...record(
      {
        rows: list(part('ExchangeRow')),
        left: { ...integer, description: 'Exchanges that came and have no row, because there were too many' },
        ended: {
          type: 'object',
          additionalProperties: integer,
          description: 'How many ended, by the first digit of their status; 0 for those without an answer',
        },
        dealt: { ...integer, description: 'How many answers dealt a token' },
        emptied: { ...list(text), description: 'Namespaces whose journal was emptied' },
        clock: part('Clock'),
        faults: list(part('FaultState')),
        gone: { const: true, description: 'The namespace was freed' },
      },
      ['clock', 'faults', 'gone'],
    ),
    description: 'What has happened since the event before; clock and faults where they changed',
  },
  ExchangeRow: record(
    {
      namespace: text,
      id: integer,
      at: { ...number, description: "The mock's time of arrival in milliseconds" },
      arrivedAt: { ...number, description: 'Real time of arrival in milliseconds' },
      method: text,
      host: { ...orNull(text), description: "The vendor's host that it was meant for" },
      target: { ...text, description: 'Path and query' },
      provider: text,
      operation: orNull(text),
      status: { ...orNull(integer), description: '0 where there was no answer; null while there is none' },
      milliseconds: orNull(number),
      credential: { enum: [...CREDENTIAL_KINDS] },
      client: orNull(text),
      token: { ...orNull(text), description: "Label of the request's Bearer token" },
      reason: orNull(text),
      fault: orNull(record({ id: text, kind: text })),
      dealt: record(
        {
          token: text,
          client: orNull(text),
          scope: orNull(text),
          expiresAt: { ...number, description: 'Unix seconds' },
        },
        ['expiresAt'],
      ),
    },
    ['dealt'],
  ),
  Count: record({ count: integer }),
  TooFew: record({ error: text, count: integer }),
  Har: {
    type: 'object',
    description: 'HTTP Archive 1.2',
    required: ['log'],
    properties: {
      log: {
        type: 'object',
        required: ['version', 'creator', 'entries'],
        properties: { version: { const: '1.2' }, creator: { type: 'object' }, entries: list({ type: 'object' }) },
      },
    },
  },
};

const credentials = {
  Credential: record(
    {
      provider: text,
      kind: { enum: CREDENTIAL_HOLDERS },
      id: { ...text, description: 'Client id, token id, or e-mail address' },
      name: text,
      secret: { ...orNull(text), description: 'Client secret, token, or password; null for a public client' },
      scopes: list(text),
      grants: { ...list(text), description: 'Grant types that a client may use' },
      realm: text,
      redirectUris: list(text),
      user: text,
      expiresAt: instant,
    },
    ['realm', 'redirectUris', 'user', 'expiresAt'],
  ),
  Credentials: record({ credentials: list(part('Credential')) }),
  RotationWish: record({ provider: { enum: ['sipgate', 'sipsim'] }, kind: { enum: CREDENTIAL_HOLDERS }, id: text }),
  TokenChoice: {
    ...record({ token: text, request: { ...integer, description: 'Id of one in the journal' } }, ['token', 'request']),
    description: 'One token by its value, or those that a request or its answer carries',
  },
};

const clockState = record({ now: instant, frozen: { type: 'boolean' }, offset: number, rate: number });

const state = {
  State: record(
    {
      sidetoneState: { const: 1 },
      clock: part('Clock'),
      settings: part('Settings'),
      store: list(record({ collection: text, key: text, value: { type: 'object' }, expiresAt: number }, ['expiresAt'])),
      memory: { type: 'object', additionalProperties: { type: 'object', additionalProperties: text } },
      faults: list(part('FaultState')),
      signingKey: { ...text, description: 'PEM (PKCS #8)' },
      ids: integer,
    },
    ['ids'],
  ),
  Settings: { type: 'object', additionalProperties: { type: 'object' }, description: 'Groups of settings' },
};

export const schemas: Record<string, object> = {
  ...journal,
  ...state,
  ...credentials,
  Counts: record({
    store: { type: 'object', additionalProperties: integer, description: 'By collection' },
    ...{ requests: integer, faults: integer, namespaces: integer },
  }),
  Report: {
    type: 'object',
    required: ['reportVersion'],
    properties: { reportVersion: integer },
    description: 'What `verify --report json` writes',
  },
  Clock: clockState,
  ClockChange: {
    type: 'object',
    additionalProperties: false,
    minProperties: 1,
    description: 'One change or several: reset, freeze, then the others as they stand; all or none',
    properties: {
      advance: duration,
      set: { type: ['string', 'number'], description: 'An instant: "2030-01-31T12:00:00Z"' },
      freeze: { type: 'boolean' },
      rate: { ...number, exclusiveMinimum: 0, description: "Seconds of the mock's time in one of real time" },
      reset: { const: true },
    },
  },
  Fault: faultSchema,
  FaultState: {
    ...faultSchema,
    required: ['id', 'met', 'struck'],
    properties: { ...faultSchema.properties, met: integer, struck: integer },
  },
  Faults: record({ faults: list(part('FaultState')) }),
  TokenWish: record(
    {
      provider: { enum: ['sipgate', 'sipsim'] },
      client: text,
      scopes: list(text),
      expiresIn: { ...integer, minimum: 1, description: 'Seconds' },
    },
    ['provider', 'client', 'scopes', 'expiresIn'],
  ),
  MintedToken: record({ accessToken: text, expiresIn: integer, scopes: list(text), createdAt: integer }),
  WebhookWish: record(
    {
      client: { ...text, description: 'Client id of the integration; the first that has a URL if absent' },
      url: { ...text, description: "Instead of the integration's" },
      payload: { type: 'object', description: "Members in the place of the sample's" },
    },
    ['client', 'url', 'payload'],
  ),
  Delivery: record(
    {
      ...{ id: text, provider: text, client: text, event: text, url: text },
      time: { ...instant, description: "The mock's time" },
      headers: { type: 'object', additionalProperties: text },
      payload: { type: 'object' },
      delivered: { type: 'boolean', description: 'Whether the answer was 2xx and came in time' },
      answer: record({ status: integer, headers: { type: 'object', additionalProperties: text }, body: text }),
      error: { ...text, description: 'Why there is no answer' },
      milliseconds: { ...number, description: 'Real time' },
    },
    ['answer', 'error'],
  ),
  Deliveries: record({ deliveries: list(part('Delivery')) }),
  IncomingCallWish: record(
    {
      account: { ...integer, description: 'That of the first integration if absent' },
      caller: { ...text, description: 'E.164' },
      receiver: { ...text, description: "One of the account's numbers" },
      chain: { ...list(text), description: 'Numbers that it rings at' },
      outcome: { enum: ['ANSWER', 'MISSED', 'BUSY', 'NOANSWER', 'VOICEMAIL'] },
      ringSeconds: { ...number, minimum: 0, maximum: 86_400 },
      talkSeconds: { ...number, minimum: 0, maximum: 86_400 },
    },
    ['account', 'caller', 'receiver', 'chain', 'outcome', 'ringSeconds', 'talkSeconds'],
  ),
  Namespaces: record({
    namespaces: list(record({ name: text, createdAt: instant, lastUsedAt: instant, requests: integer })),
  }),
  Authority: record({ pem: text }),
  Error: record({ error: text }),
};
