/** What nobody outside knows about the real SIPSIM, each with the choice that the fake makes unless told otherwise. */

const DOORKEEPER_VERSIONS = ['5.5', '5.8', '5.9.5', '6.0'] as const;

export interface SipsimSettings {
  /** Version of the engine, by which its statuses and tolerances go. */
  doorkeeperVersion: (typeof DOORKEEPER_VERSIONS)[number];
  /** Status of a wrong method on a known path. Rails has no route for it, hence 404 without `Allow`. */
  wrongMethod: 404 | 405;
  /** Body of a 401 and 403 under /api/v2: the vendor's envelope, or none as the engine has it. */
  errorBody: 'envelope' | 'empty';
  /** Scopes of a token that was asked for without any. Without them the answer has no `scope` member. */
  defaultScopes: string[];
  /** Life of an access token in seconds. 7200 is documented. */
  accessTokenLife: number;
}

export const defaultSipsimSettings: SipsimSettings = {
  doorkeeperVersion: '5.8',
  wrongMethod: 404,
  errorBody: 'envelope',
  defaultScopes: [],
  accessTokenLife: 7200,
};

export const sipsimSettingChoices = {
  doorkeeperVersion: DOORKEEPER_VERSIONS,
  wrongMethod: [404, 405],
  errorBody: ['envelope', 'empty'],
} as const;

/** Whether the engine is at least this version. */
export const since = ({ doorkeeperVersion }: SipsimSettings, version: SipsimSettings['doorkeeperVersion']) =>
  DOORKEEPER_VERSIONS.indexOf(doorkeeperVersion) >= DOORKEEPER_VERSIONS.indexOf(version);
