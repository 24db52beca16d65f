/** As much of simple-oauth2's interface as is used here; the package has no types of its own. */
declare module 'simple-oauth2' {
  export interface Options {
    client: { id: string; secret: string };
    auth: { tokenHost: string; tokenPath: string; authorizePath?: string; revokePath?: string };
    options?: { authorizationMethod?: 'header' | 'body'; credentialsEncodingMode?: 'strict' | 'loose' };
  }

  export interface AccessToken {
    token: { access_token: string; refresh_token?: string; scope: string; token_type: string; expires_at: Date };
    expired(windowSeconds?: number): boolean;
    refresh(parameters?: Record<string, string>): Promise<AccessToken>;
    revoke(type: 'access_token' | 'refresh_token', http?: { json: boolean | 'strict' }): Promise<unknown>;
  }

  type Parameters = Record<string, string | string[]>;

  export class AuthorizationCode {
    constructor(options: Options);
    authorizeURL(parameters: Parameters): string;
    getToken(parameters: Parameters): Promise<AccessToken>;
  }
  export class ClientCredentials {
    constructor(options: Options);
    getToken(parameters: Parameters): Promise<AccessToken>;
  }
  export class ResourceOwnerPassword {
    constructor(options: Options);
    getToken(parameters: Parameters): Promise<AccessToken>;
  }
}
