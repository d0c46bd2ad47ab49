/** A line of a file, without its end. */
export interface Line {
  /** Counted from 1. */
  readonly number: number;
  /** `undefined` when it is longer than allowed. */
  readonly bytes: Uint8Array | undefined;
}

const newline = 0x0a;
const byteOrderMark = [0xef, 0xbb, 0xbf];

/**
 * The lines of a stream of bytes, in bounded memory whatever the stream holds: what is beyond `bytesMax` of a
 * line is read and dropped. The last line needs no end. A byte order mark at the start is left out.
 */
export async function* linesOf(source: AsyncIterable<Uint8Array>, bytesMax: number): AsyncGenerator<Line> {
  let number = 1;
  let parts: Uint8Array[] = [];
  let length = 0;
  const take = (part: Uint8Array): void => {
    length += part.length;
    if (length > bytesMax) parts = [];
    else if (part.length > 0) parts.push(part);
  };
  const finish = (): Line => {
    const bytes = length > bytesMax ? undefined : joined(parts, length);
    const line = { number, bytes: number === 1 && bytes !== undefined ? unmarked(bytes) : bytes };
    number += 1;
    parts = [];
    length = 0;
    return line;
  };
  for await (const chunk of source) {
    let from = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, from)) {
      take(chunk.subarray(from, end));
      yield finish();
      from = end + 1;
    }
    // A copy, for the rest of the line may be long in coming, and the chunk is the stream's. Not by
    // `slice`, with which a Buffer gives a view.
    take(new Uint8Array(chunk.subarray(from)));
  }
  if (length > 0) yield finish();
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  if (parts.length === 1 && parts[0] !== undefined) return parts[0];
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function unmarked(bytes: Uint8Array): Uint8Array {
  return byteOrderMark.every((byte, index) => bytes[index] === byte) ? bytes.subarray(3) : bytes;
}
