/** Token requests and their answers as a broken server reads and changes them. */
import { changeJson, jsonAnswer, type WireAnswer, type WireRequest } from '../broken-server.ts';
import { authorizationOf } from './sipgate-wire.ts';

export type Which = (request: WireRequest) => boolean;
export type AnswerChange = (answer: WireAnswer, request: WireRequest) => void;
type Body = Record<string, unknown>;

const LOGIN_PATH = /^\/(?:auth\/realms|login)\/[^/]+\/protocol\/openid-connect\/token(?:\?|$)/;
export const isLoginToken: Which = ({ path }) => LOGIN_PATH.test(path);
export const isSipsimToken: Which = ({ path }) => /^\/oauth\/token(?:\?|$)/.test(path);
export const isSipsimAccount: Which = ({ path }) => /^\/api\/v2\/account(?:\?|$)/.test(path);

export const formOf = ({ body }: WireRequest) => new URLSearchParams(body);
export const bearerOf = (request: WireRequest): string => /^bearer (.*)$/i.exec(authorizationOf(request))?.[1] ?? '';

export const setPair = (request: WireRequest, pair: string): void => {
  request.headers.authorization = [`Basic ${Buffer.from(pair).toString('base64')}`];
};

/** Reads the form otherwise than it was sent. */
export const misreadForm = (which: Which, change: (form: URLSearchParams) => void) => (request: WireRequest) => {
  if (!which(request) || request.body === '') return;
  const form = formOf(request);
  change(form);
  request.body = form.toString();
};

/** Takes one scope for another; undefined for none at all. */
export const misreadScope = (which: Which, change: (scope: string) => string | undefined) =>
  misreadForm(which, (form) => {
    const scope = form.get('scope');
    if (scope === null) return;
    const changed = change(scope);
    if (changed === undefined) form.delete('scope');
    else form.set('scope', changed);
  });

/** An answer of its own to some requests. */
export const refuse = (which: Which, status: number, error: string) => (request: WireRequest) =>
  which(request) ? jsonAnswer(status, { error, error_description: 'broken' }) : undefined;

/** A success of its own to some requests. */
export const grant = (which: Which) => (request: WireRequest) => (which(request) ? jsonAnswer(200, {}) : undefined);

/** Changes the body of a success. */
export const changeSuccess =
  (which: Which, change: (body: Body, request: WireRequest) => unknown): AnswerChange =>
  (answer, request) => {
    if (which(request) && answer.status === 200) changeJson(answer, (body) => change(body, request));
  };

/** Changes the body of an OAuth error with this code. */
export const changeError =
  (which: Which, error: string, change: (body: Body, answer: WireAnswer, request: WireRequest) => void): AnswerChange =>
  (answer, request) => {
    if (!which(request) || answer.status < 400 || answer.body === '') return;
    changeJson(answer, (body) => {
      if (body.error === error) change(body, answer, request);
    });
  };

/** Changes an answer of this status. */
export const changeStatus =
  (which: Which, from: number, change: (answer: WireAnswer, request: WireRequest) => void): AnswerChange =>
  (answer, request) => {
    if (which(request) && answer.status === from) change(answer, request);
  };

/** Both must hold. */
export const both =
  (...all: Which[]): Which =>
  (request) =>
    all.every((which) => which(request));
/** A member of the form has this value. */
export const sends =
  (name: string, value: string): Which =>
  (request) =>
    formOf(request).get(name) === value;
/** A member is not in the form. */
export const lacks =
  (name: string): Which =>
  (request) =>
    !formOf(request).has(name);
