/** The inspector: the page at /__admin/ and its files, for browsers. It holds no data; it asks the control API for it. */
import type { RequestHandler } from 'express';

const TYPES: Record<string, string> = {
  html: 'text/html',
  css: 'text/css',
  js: 'text/javascript',
  svg: 'image/svg+xml',
};

/**
 * Nothing of another origin, nothing inline, no text that becomes markup: what a client sends may say anything.
 * `frame-ancestors`: no other page puts this one under its own buttons.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const HEADERS = {
  'content-security-policy': POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
};

const FILE = /^\/inspector\/([a-z-]+\.(?:css|js|svg))$/;

/** The page's own address with and without its closing slash, and its files: static, the same for everybody. */
export const isOfPage = (path: string) => path === '' || path === '/' || FILE.test(path);

/** Relative addresses: the same page serves every namespace. */
export const answerPage: RequestHandler = async (request, response, next) => {
  const { path } = request;
  if (!isOfPage(path) || (request.method !== 'GET' && request.method !== 'HEAD')) return next();
  // Without its slash the page would look for its files beside itself.
  if (!request.originalUrl.split('?')[0]?.endsWith('/') && !FILE.test(path)) {
    response.writeHead(308, { ...HEADERS, location: '__admin/' }).end();
    return;
  }
  // Loaded here: most fakes are never looked at.
  const { readFile } = await import('./files.ts');
  const name = FILE.exec(path)?.[1] ?? 'page.html';
  const text = readFile(name);
  if (text === undefined) return next();
  const type = `${TYPES[name.slice(name.lastIndexOf('.') + 1)]}; charset=utf-8`;
  response.writeHead(200, { ...HEADERS, 'content-type': type }).end(text);
};
