import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Line, linesOf } from './lines.ts';

async function read(chunks: readonly Uint8Array[], bytesMax = 100): Promise<Line[]> {
  const lines: Line[] = [];
  for await (const { number, bytes } of linesOf(chunksOf(chunks), bytesMax)) {
    lines.push({ number, bytes: bytes && new Uint8Array(bytes) });
  }
  return lines;
}

/** As streams do: each chunk is of no use once the next one is asked for. */
async function* chunksOf(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) {
    const lent = Buffer.from(chunk);
    yield lent;
    lent.fill(0x2a);
  }
}

const texts = (lines: readonly Line[]): (string | undefined)[] =>
  lines.map(({ bytes }) => bytes && Buffer.from(bytes).toString());

describe('linesOf', () => {
  it.each<[string, string[]]>([
    ['', []],
    ['a', ['a']],
    ['a\n', ['a']],
    ['a\nb', ['a', 'b']],
    ['\n\na\r\n', ['', '', 'a\r']],
    ['\ufeffa\n\ufeffb', ['a', '\ufeffb']],
  ])('%j are the lines %j', async (text, expected) => {
    expect(texts(await read([Buffer.from(text)]))).toEqual(expected);
  });

  it('does not depend on how the stream is cut', async () => {
    const content = fc.array(fc.constantFrom('a', 'bc', '\n', '\r\n', '\ufeff', 'é'), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(content, fc.array(fc.nat(40)), async (parts, cuts) => {
        const bytes = Buffer.from(parts.join(''));
        const chunks: Uint8Array[] = [];
        let from = 0;
        for (const cut of cuts.map((at) => at % (bytes.length + 1)).toSorted((one, other) => one - other)) {
          chunks.push(bytes.subarray(from, cut));
          from = cut;
        }
        chunks.push(bytes.subarray(from));
        expect(await read(chunks)).toEqual(await read([bytes]));
      }),
    );
  });

  it('drops the content of a line that is too long, and goes on with the next', async () => {
    const chunks = ['12345\n123', '456\n', '1'.repeat(1000), '\nend'].map((text) => Buffer.from(text));
    const lines = await read(chunks, 5);
    expect(texts(lines)).toEqual(['12345', undefined, undefined, 'end']);
    expect(lines.map(({ number }) => number)).toEqual([1, 2, 3, 4]);
  });
});
