/** The whole plug-in contract: what an imitated API gives the app, and what it is given. Types only. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from './clock.ts';
import type { ApiError } from './errors.ts';
import type { Ids } from './ids.ts';
import type { SignedTokens } from './signed-tokens.ts';
import type { Store } from './store/store.ts';

/** One imitated API. */
export interface Provider {
  /** Its tag in openapi.yaml. */
  name: string;
  /** By security scheme name in openapi.yaml. */
  schemes: Record<string, Authenticator>;
  /** By operationId in openapi.yaml. */
  operations: Record<string, Operation>;
  surfaces: Surface[];
  /** Where the vendor serves it in truth. Absent where nobody but the fake does. */
  hosts?: VendorHost[];
  /** Writes its seed into an empty store and disowns every token issued before. */
  seed(): Promise<void>;
  /** For the control API: tokens without a grant. Absent where the provider deals none. */
  tokens?: TokenAuthority;
  /** For the control API: who may ask this provider. */
  credentials?: CredentialAuthority;
  /** For the control API: what the provider sends to its clients' servers. Absent where it sends nothing. */
  webhooks?: WebhookAuthority;
  /** For the control API: makes somebody call, and answers as the API shows the call. Throws an InputError. */
  receiveCall?(wish: IncomingCallWish): Promise<object>;
  /** Ends what still waits or is on its way. */
  close?(): void;
  /** What it remembers outside the store, such as the keys of its tokens, as JSON. Absent where that is nothing. */
  memory?: { save(): Record<string, string>; restore(saved: Record<string, string>): void };
}

/** Answers a request that is authenticated and whose body is valid. Refuses by throwing an ApiError. */
export type Operation = (request: ApiRequest) => Answer | Promise<Answer>;

/** Judges the credential that a request carries for one security scheme. */
export type Authenticator = (request: ApiRequest) => Promise<Authentication>;

export type Authentication =
  | { kind: 'absent' }
  /** `description` is for the wire, where the API has one; `reason` is for the developer. */
  | { kind: 'refused'; reason: string; description?: string }
  | { kind: 'accepted'; principal: Principal };

/** Who asks: the owner of a credential that is good. */
export interface Principal {
  /** Name of the provider whose credential it is. */
  provider: string;
  /** Client id, or token id of a personal access token. */
  client: string;
  /** User in whose name the client acts, where there is one. */
  user?: string;
  scopes: string[];
}

/** A group of paths that answers errors in one wire form. */
export interface Surface {
  /** Path prefix, without the closing slash; the longest match wins. '' is the root. */
  prefix: string;
  /** Whether a path with a closing slash is the same path; absent where it is not. */
  closingSlash?: boolean;
  /** The only function that gives an error its wire form here. */
  write(error: ApiError, request: ApiRequest): Answer;
  /** Headers of every answer, errors included. */
  headers(request: ApiRequest, answer: Answer): Record<string, string>;
  /** The answer to OPTIONS on a path with these methods; absent where OPTIONS is a wrong method like any other. */
  options?(allow: string[], request: ApiRequest): Answer;
}

/** A host of the vendor's, as the fake stands in for it. */
export interface VendorHost {
  /** In lower case. */
  name: string;
  /** Scheme and authority that its answers speak of: `https://` and its name, or where its login server is. */
  origin: string;
  /** Path prefixes that are served there. What is under none is unknown, in the wire form of the first. */
  prefixes: [string, ...string[]];
}

/** A request, parsed at the edge. */
export interface ApiRequest {
  /** HEAD arrives as GET; the body of its answer is dropped on the way out. */
  method: string;
  /** Path as sent, without the query. */
  path: string;
  params: Record<string, string>;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  /** Every Authorization line, as sent. */
  authorization: string[];
  /** Scheme, authority and prefix of the namespace by which the client addressed the fake, without a closing slash. */
  origin: string;
  /** The vendor's host that it was meant for: there the fake has nothing of its own. */
  vendorHost?: VendorHost;
  /** Body as sent, and its media type as sent but for parameters. */
  body?: { bytes: Buffer; mediaType: string };
  /** Parsed and validated, for operations with a JSON body. */
  json?: unknown;
  principal?: Principal;
}

export interface Answer {
  status: number;
  /** Several values are several header lines. */
  headers?: Record<string, string | string[]>;
  /** JSON; absent for an empty body. */
  body?: unknown;
  /** A page for a browser, instead of JSON. */
  html?: string;
}

/** What a provider is given: everything that varies. */
export interface Surroundings {
  clock: Clock;
  ids: Ids;
  /** Begun again by nothing: for what must tell tokens of before a reset, and of another namespace, from those of now. */
  lasting: Pick<Ids, 'bytes' | 'uuid'>;
  store: Store;
  /** Signs tokens, and knows signatures that need not be verified again. */
  signed: SignedTokens;
}

export interface TokenAuthority {
  mint(wish: TokenWish): Promise<MintedToken>;
  /** False if the token is none of this provider's living ones. */
  revoke(token: string): Promise<boolean>;
  /** Who an access token speaks for by now, or the reason why it speaks for nobody. */
  judge(token: string): Promise<Principal | string>;
  /** The token with other claims, signed as the provider signs; undefined if it is none of this provider's. */
  resign(token: string, change: (claims: Claims) => Claims): Promise<string | undefined>;
}

/** Claims of a JWT (RFC 7519 §4). */
export type Claims = Record<string, unknown>;

export interface TokenWish {
  /** Client id; the provider's first client if absent. */
  client?: string;
  /** All that the client may have if absent. */
  scopes?: string[];
  /** Seconds. */
  expiresIn?: number;
}

export interface MintedToken {
  accessToken: string;
  /** Seconds. */
  expiresIn: number;
  scopes: string[];
  /** Unix seconds. */
  createdAt: number;
}

export interface CredentialAuthority {
  list(): Promise<HeldCredential[]>;
  /** A new secret in the old one's place. Throws an InputError where nobody has that id, or no secret. */
  rotate(kind: CredentialHolder, id: string): Promise<HeldCredential>;
}

export type CredentialHolder = 'client' | 'personalAccessToken' | 'user' | 'accessToken';

/** Whoever may ask, and what proves it. */
export interface HeldCredential {
  provider: string;
  kind: CredentialHolder;
  /** Client id, token id, or e-mail address. */
  id: string;
  name: string;
  /** Client secret, token, or password; null for a public client. */
  secret: string | null;
  /** All that it may have. */
  scopes: string[];
  /** Grant types of RFC 6749 that a client may use. */
  grants: string[];
  /** Of a client of sipgate's login server. */
  realm?: string;
  redirectUris?: string[];
  /** User that a token belongs to. */
  user?: string;
  /** ISO 8601. */
  expiresAt?: string;
}

export interface WebhookAuthority {
  /** Sends any event by hand, enabled or not. Throws an InputError for one that there is not, or without a URL. */
  send(event: string, wish: WebhookWish): Promise<Delivery>;
  /** What was sent, oldest first, once everything that is due has its answer. */
  deliveries(): Promise<Delivery[]>;
}

export interface WebhookWish {
  /** Client id of the integration that is told; the first with a URL if absent. */
  client?: string;
  /** Instead of the integration's URL. */
  url?: string;
  /** Members in the place of those of the sample. */
  payload?: Record<string, unknown>;
}

/** A webhook that was sent, or should have been. */
export interface Delivery {
  id: string;
  provider: string;
  /** Client id of the integration. */
  client: string;
  event: string;
  url: string;
  /** The mock's time. */
  time: string;
  headers: Record<string, string>;
  payload: Record<string, unknown>;
  /** Whether the answer was 2xx and came in time. */
  delivered: boolean;
  answer?: { status: number; headers: Record<string, string>; body: string };
  /** Why there is no answer. */
  error?: string;
  /** Real time. */
  milliseconds: number;
}

export interface IncomingCallWish {
  /** Id of the account; that of the first integration if absent. */
  account?: number;
  /** E.164 */
  caller?: string;
  /** Number of one of the account's phones; its first active one if absent. */
  receiver?: string;
  /** Numbers that it rings at; the receiver's alone if absent. */
  chain?: string[];
  /** Default ANSWER. */
  outcome?: 'ANSWER' | 'MISSED' | 'BUSY' | 'NOANSWER' | 'VOICEMAIL';
  ringSeconds?: number;
  /** From answer to end, or as long as the voicemail. */
  talkSeconds?: number;
}

/**
 * Clients that may get a token by client credentials, as another provider's token endpoint sees them. It is how the
 * short form lets SIPSIM's endpoint serve sipgate's clients without either knowing the other.
 */
export interface ClientSource {
  find(clientId: string): Promise<SourcedClient | undefined>;
  issue(client: SourcedClient, scopes: string[]): Promise<MintedToken>;
}

export interface SourcedClient {
  clientId: string;
  clientSecret: string;
  /** False for a client that may not use the client credentials grant. */
  clientCredentials: boolean;
  scopes: string[];
  defaultScopes: string[];
  /** Whether its scopes are its own, and not all that the server has. */
  limited?: boolean;
}
