/** JSON Schema of a fault: for whoever declares one, over HTTP or in a program. */
import { CREDENTIAL_KINDS } from '../journal/filter.ts';
import { CONNECTION_FAULTS, TOKEN_FAULTS } from './fault.ts';

const duration = {
  description: 'Milliseconds, or a text such as "90s", "2h", "PT2H30M"',
  type: ['number', 'string'],
  minimum: 0,
};
const text = { type: 'string', minLength: 1 };
const positive = { type: 'integer', minimum: 1 };

const object = (properties: object, required: string[] = [], more: object = {}) => ({
  type: 'object',
  additionalProperties: false,
  required,
  properties,
  ...more,
});

export const faultSchema = object(
  {
    id: { ...text, maxLength: 100, description: 'Name of your own; one of the same name is replaced' },
    match: object(
      {
        operation: { ...text, description: 'operationId; a star stands for anything' },
        provider: { enum: ['sipgate', 'sipsim', 'shortForm'] },
        method: text,
        path: { ...text, description: 'Without the query; a star stands for anything' },
        client: { ...text, description: 'Client id, or id of a personal access token' },
        credential: { enum: [...CREDENTIAL_KINDS] },
      },
      [],
      { description: 'All of these; every request without it' },
    ),
    times: { ...positive, description: 'Requests that it strikes until it is spent; without end if absent' },
    every: { ...positive, description: 'Strikes only every so many-th request that matches' },
    probability: { type: 'number', minimum: 0, maximum: 1 },
    delay: {
      description: "How long the request is held back, by the mock's clock: fixed, even, normal, or log-normal",
      type: ['number', 'string', 'object'],
      minimum: 0,
      if: { type: 'object' },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: {
        anyOf: [
          object({ min: duration, max: duration }, ['min', 'max']),
          object({ mean: duration, deviation: duration }, ['mean', 'deviation']),
          object({ median: duration, p99: duration }, ['median', 'p99']),
        ],
      },
    },
    answer: {
      description: 'Answers in the place of the imitated API',
      type: 'object',
      if: { required: ['oauthError'] },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: object({
        oauthError: text,
        description: { type: 'string' },
        status: { type: 'integer', minimum: 200, maximum: 599 },
      }),
      else: object(
        {
          status: { type: 'integer', minimum: 200, maximum: 599 },
          headers: {
            type: 'object',
            propertyNames: { pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$" },
            additionalProperties: { type: 'string', pattern: '^[\\t\\x20-\\x7e\\x80-\\xff]*$' },
          },
          body: { description: 'JSON, or a text' },
          retryAfter: { ...duration, description: 'Retry-After: seconds, or a duration such as "2m"' },
        },
        ['status'],
      ),
    },
    connection: { enum: [...CONNECTION_FAULTS] },
    drip: object({ bytes: positive, every: duration }),
    token: { enum: [...TOKEN_FAULTS], description: 'What is wrong with the tokens that are issued' },
    limit: object(
      { requests: positive, window: duration, per: { enum: ['client', 'everyone'] } },
      ['requests', 'window'],
      {
        description: "429 for more than so many requests in a window of the mock's time",
      },
    ),
  },
  [],
  { minProperties: 1 },
);
