/** The fake with a document of 180 operations: the same bundle, in which paths are there many times under other names. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { bundlePrograms } from '../scripts/bundle.ts';
import { documentOf, replacementsFor, swap } from '../scripts/replacements.ts';
import { cache } from './installed.ts';

const root = join(import.meta.dirname, '..');
const OPERATIONS = 180;

type Item = Record<string, { operationId?: string } | unknown>;

interface Document {
  paths: Record<string, Item>;
}

/** Resolves with the folder. */
export async function buildWide(): Promise<string> {
  const home = join(cache, 'wide');
  rmSync(home, { recursive: true, force: true });
  const document = documentOf(root) as Document;
  const copies = widen(document);
  await bundlePrograms(root, join(home, 'dist'), [
    ...(await replacementsFor(root, document)),
    {
      module: /mock-server[\\/]providers\.ts$/,
      replace: swap([
        'return [sipgate, sipsim,',
        `for (const [copy, of] of ${JSON.stringify(copies)}) sipgate.operations[copy] = sipgate.operations[of];
         return [sipgate, sipsim,`,
      ]),
    },
  ]);
  return home;
}

/** Adds to the document; returns each new operation's id with that of its original. Half come before, half after the others. */
function widen(document: Document): [copy: string, of: string][] {
  const originals = Object.entries(document.paths).filter(([path]) => path.startsWith('/v2/'));
  const count = () => Object.values(document.paths).flatMap(operationsOf).length;
  const copies: [string, string][] = [];
  for (let number = 0; count() < OPERATIONS; number += 1) {
    for (const [path, item] of originals) {
      const copy = structuredClone(item);
      for (const operation of operationsOf(copy)) {
        const { operationId } = operation;
        operation.operationId = `${operationId}.${number}`;
        copies.push([operation.operationId, operationId]);
      }
      document.paths[path.replace('/v2/', `/v2/${number % 2 ? 'a' : 'z'}-${number}/`)] = copy;
      if (count() >= OPERATIONS) break;
    }
  }
  return copies;
}

const operationsOf = (item: Item) =>
  Object.values(item).filter(
    (member): member is { operationId: string } =>
      typeof member === 'object' && member !== null && 'operationId' in member,
  );
