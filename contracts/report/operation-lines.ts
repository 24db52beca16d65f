/** Where openapi.yaml declares an operation: reports point at it. */
import { LineCounter, parseDocument, visit } from 'yaml';

/** First and last line of each operation, counted from 1. */
export type OperationLines = Map<string, { line: number; endLine: number }>;

/** @param text of openapi.yaml. */
export function operationLines(text: string): OperationLines {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter });
  const lines: OperationLines = new Map();
  visit(document.get('paths') as never, {
    Pair: (_index, { key, value }) => {
      const { range, items } = value as {
        range?: [number, number, number];
        items?: { key: unknown; value: unknown }[];
      };
      const id = items?.find((item) => String(item.key) === 'operationId')?.value;
      const start = (key as { range?: [number, number, number] }).range?.[0];
      if (id === undefined || start === undefined || !range) return undefined;
      const { line } = counter.linePos(start);
      // A block ends where the next begins: its last character is the line break before.
      lines.set(String(id), { line, endLine: Math.max(line, counter.linePos(range[1] - 1).line) });
      return visit.SKIP;
    },
  });
  return lines;
}
