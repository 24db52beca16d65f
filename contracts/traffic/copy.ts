/** What is kept of a body that passes by: as much as there is room for, and read as text. */
import type { Readable } from 'node:stream';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';

export interface Copy {
  chunks: Buffer[];
  size: number;
  /** It was larger than is kept. */
  cut: boolean;
}

/** Listens to a stream that something else reads. */
export function copyOf(stream: Readable, most: number): Copy {
  const copy: Copy = { chunks: [], size: 0, cut: false };
  stream.on('data', (chunk: Buffer) => {
    const room = most - copy.size;
    if (chunk.length > room) copy.cut = true;
    if (room <= 0) return;
    const kept = chunk.subarray(0, room);
    copy.chunks.push(kept);
    copy.size += kept.length;
  });
  return copy;
}

/** As those who mask see words: a credential, in whatever encoding, has none of these in it. */
const BETWEEN_WORDS = /[\s"<>]/;

/** Of a text that was cut: the word at its end may be the beginning of a secret, which is masked only as a whole. */
export function withoutLastWord(text: string): string {
  let end = text.length;
  while (end > 0 && !BETWEEN_WORDS.test(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

/** As large as a body may become when it is unpacked: a small one may hold gigabytes. */
const MOST_UNPACKED = 8 * 1_048_576;

const UNPACK: Record<string, (bytes: Buffer, options: { maxOutputLength: number }) => Buffer> = {
  gzip: gunzipSync,
  'x-gzip': gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
};

/** @param encoding Content-Encoding of the message. What cannot be unpacked is text as it stands. */
export function textOfCopy({ chunks, cut }: Copy, encoding?: string): string {
  const bytes = Buffer.concat(chunks);
  const unpack = UNPACK[encoding?.trim().toLowerCase() ?? ''];
  if (cut) return withoutLastWord(bytes.toString('utf8'));
  if (!unpack || bytes.length === 0) return bytes.toString('utf8');
  try {
    return unpack(bytes, { maxOutputLength: MOST_UNPACKED }).toString('utf8');
  } catch {
    return bytes.toString('latin1');
  }
}
