/** What nobody outside knows about the real SIPSIM, each with the choice that the fake makes unless told otherwise. */

const DOORKEEPER_VERSIONS = ['5.5', '5.8', '5.9.5', '6.0'] as const;

export interface SipsimSettings {
  /** Version of the engine, by which its statuses and tolerances go. */
  doorkeeperVersion: (typeof DOORKEEPER_VERSIONS)[number];
  /** Status of a wrong method on a known path. Rails has no route for it, hence 404 without `Allow`. */
  wrongMethod: 404 | 405;
  /** Body of a 401 and 403 under /api/v2: the vendor's envelope, or none as the engine has it. */
  errorBody: 'envelope' | 'empty';
  /** Status of a parameter that is missing or cannot be. */
  invalidParameter: 422 | 400;
  /** Whether errors have a `timestamp` too: "all responses follow a consistent envelope", but the one example has none. */
  errorTimestamp: boolean;
  /** 200 with the tag, or 204, for a tag that is deleted. */
  deleteStatus: 200 | 204;
  /** How many of the vendor's scopes there are: its authentication page lists 7, its guides need 17. */
  declaredScopes: 17 | 7;
  /** What click to call needs: a guide has calls.create, the authentication page calls.write. */
  startCallScope: 'either' | 'calls.create' | 'calls.write';
  /** A guide has a number as a call's id, another `call_123`. Paths take both. */
  callIds: 'number' | 'string';
  /** How an outgoing call's direction is called: as in `call_types`, or as in the sms event. */
  outgoingDirection: 'outgoing' | 'outbound';
  /** Channels of a transcription: 0 and 1 as in the guide to it, left and right as in the speech event. */
  transcriptionChannel: 'number' | 'side';
  /** State of a transcription that succeeded. */
  transcriptionFinalState: 'speech_recognized' | 'speech_stored';
  transcriptionOutcome: 'recognized' | 'failed';
  /** Seconds of the mock's time from order to transcription. */
  transcriptionSeconds: number;
  /** Whether the speech event names itself: the guide lists no `event` for it. */
  speechNamesEvent: boolean;
  /** What calls started from now on come to. */
  callOutcome: 'ANSWER' | 'BUSY' | 'NOANSWER';
  /** Seconds of the mock's time that a call rings. */
  ringSeconds: number;
  /** Seconds of the mock's time from answer to end. */
  callSeconds: number;
  /** Where events go for integrations without a URL of their own; nowhere if empty. */
  webhookUrl: string;
  /** Host names beside loopback that webhooks may be sent to. */
  webhookHosts: string[];
  /** Scopes of a token that was asked for without any. Without them the answer has no `scope` member. */
  defaultScopes: string[];
  /** Life of an access token in seconds. 7200 is documented. */
  accessTokenLife: number;
}

export const defaultSipsimSettings: SipsimSettings = {
  doorkeeperVersion: '5.8',
  wrongMethod: 404,
  errorBody: 'envelope',
  invalidParameter: 422,
  errorTimestamp: false,
  deleteStatus: 200,
  declaredScopes: 17,
  startCallScope: 'either',
  callIds: 'number',
  outgoingDirection: 'outgoing',
  transcriptionChannel: 'number',
  transcriptionFinalState: 'speech_recognized',
  transcriptionOutcome: 'recognized',
  transcriptionSeconds: 20,
  speechNamesEvent: false,
  callOutcome: 'ANSWER',
  ringSeconds: 5,
  callSeconds: 60,
  webhookUrl: '',
  webhookHosts: [],
  defaultScopes: [],
  accessTokenLife: 7200,
};

export const sipsimSettingChoices = {
  doorkeeperVersion: DOORKEEPER_VERSIONS,
  wrongMethod: [404, 405],
  errorBody: ['envelope', 'empty'],
  invalidParameter: [422, 400],
  deleteStatus: [200, 204],
  declaredScopes: [17, 7],
  startCallScope: ['either', 'calls.create', 'calls.write'],
  callIds: ['number', 'string'],
  outgoingDirection: ['outgoing', 'outbound'],
  transcriptionChannel: ['number', 'side'],
  transcriptionFinalState: ['speech_recognized', 'speech_stored'],
  transcriptionOutcome: ['recognized', 'failed'],
  callOutcome: ['ANSWER', 'BUSY', 'NOANSWER'],
} as const;

/** Whether the engine is at least this version. */
export const since = ({ doorkeeperVersion }: SipsimSettings, version: SipsimSettings['doorkeeperVersion']) =>
  DOORKEEPER_VERSIONS.indexOf(doorkeeperVersion) >= DOORKEEPER_VERSIONS.indexOf(version);
