/** The house: who may import whom, no cycles, no file named after nothing, nothing declared without its other half. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { checks } from '../contracts/index.ts';

const root = join(import.meta.dirname, '..');
const files = ['mock-server', 'contracts', 'cli'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}/${name}`),
);

/** Files of the project that a file imports, as paths from the root. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  const specifiers = [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map(([, specifier]) => specifier ?? '');
  return specifiers.map((specifier) => relative(root, join(root, dirname(file), specifier)));
}

const offenders = (from: RegExp, forbidden: (imported: string, file: string) => boolean) =>
  files
    .filter((file) => from.test(file))
    .flatMap((file) =>
      importsOf(file)
        .filter((imported) => forbidden(imported, file))
        .map((to) => `${file} -> ${to}`),
    );

test('the judge does not know the accused', () => {
  expect(offenders(/^contracts\//, (to) => !to.startsWith('contracts/'))).toEqual([]);
});

test('the fake knows neither the judge nor the command', () => {
  expect(offenders(/^mock-server\//, (to) => !to.startsWith('mock-server/'))).toEqual([]);
});

test('the command knows the two halves by their front doors alone', () => {
  const doors = ['mock-server/index.ts', 'mock-server/version.ts', 'contracts/index.ts'];
  expect(offenders(/^cli\//, (to) => !to.startsWith('cli/') && !doors.includes(to))).toEqual([]);
});

test('providers are strangers to each other and to the app', () => {
  expect(
    offenders(
      /^mock-server\/sipgate\//,
      (to) =>
        /\/sipsim\/|\/(?:app|index|admin|short-form|server)\b/.test(`/${to}`) && !to.startsWith('mock-server/sipgate/'),
    ),
  ).toEqual([]);
  expect(
    offenders(
      /^mock-server\/sipsim\//,
      (to) =>
        /\/sipgate\/|\/(?:app|index|admin|short-form|server)\b/.test(`/${to}`) && !to.startsWith('mock-server/sipsim/'),
    ),
  ).toEqual([]);
});

test('the app knows no provider and no store driver', () => {
  expect(offenders(/^mock-server\/app\.ts$/, (to) => /sipgate|sipsim|store\/|short-form/.test(to))).toEqual([]);
});

test('one file alone knows the validator, only the client sends requests', () => {
  const using = (name: string) =>
    files.filter((file) => readFileSync(join(root, file), 'utf8').includes(`from '${name}'`));
  expect(using('express-openapi-validator')).toEqual(['mock-server/validator.ts']);
  expect(using('supertest')).toEqual(['contracts/client.ts']);
});

test('what a request gets of functions has a name first: V8 keeps what is written into a property at once', () => {
  const atOnce = /\b(?:request|incoming|response|socket)\.\w+ = \(*(?:async )?(?:function\b|[^=;()]*\)? =>)/;
  expect(atOnce.test('response.end = (chunk) => {')).toBe(true);
  expect(atOnce.test('response.end = ((chunk?: string | Buffer) => {')).toBe(true);
  expect(atOnce.test('response.end = function recorded(')).toBe(true);
  const found = files.filter(
    (file) => file.startsWith('mock-server/') && atOnce.test(readFileSync(join(root, file), 'utf8')),
  );
  expect(found).toEqual([]);
});

test('no import cycles', () => {
  const cycles: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, way: string[]) => {
    if (way.includes(file)) cycles.push([...way.slice(way.indexOf(file)), file].join(' -> '));
    if (way.includes(file) || done.has(file)) return;
    for (const imported of runtimeImportsOf(file)) visit(imported, [...way, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  expect(cycles).toEqual([]);
});

/** Types are gone at run time, and so are cycles of them. */
function runtimeImportsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8').replace(/(?:import|export) type [^;]+;/g, '');
  const specifiers = [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+\.ts)'/g)].map(
    ([, specifier]) => specifier ?? '',
  );
  return specifiers.map((specifier) => relative(root, join(root, dirname(file), specifier)));
}

test('no file is named after nothing', () => {
  const nothing = /(?:^|\/)(?:helpers?|utils?|common|misc|manager|base)(?:[./]|$)/;
  expect(files.filter((file) => nothing.test(file))).toEqual([]);
});

test('every operation has a check of its own, and every check an operation', () => {
  const document = parse(readFileSync(join(root, 'openapi.yaml'), 'utf8'));
  const declared = Object.values(document.paths as Record<string, Record<string, { operationId?: string }>>).flatMap(
    (item) => Object.values(item).flatMap(({ operationId }) => operationId ?? []),
  );
  const own = new Set(checks.filter(({ id }) => !/\.(?:OAS|STA)-/.test(id)).map(({ operation }) => operation));
  expect(declared.filter((id) => !own.has(id))).toEqual([]);
  expect([...own].filter((id) => !declared.includes(id))).toEqual([]);
});
