import { describe, expect, it } from 'vitest';
import type { AssertionContent } from '../../engine/index.ts';
import { describeProblem, isProblem, lineBytesMax, type LineProblem, readJsonLine } from './json-line.ts';
import { claims } from './line-kind.ts';
import type { Line } from './lines.ts';

function readClaim(line: Line): AssertionContent | LineProblem | undefined {
  return readJsonLine(line, 'claim', (json) => claims.parse(json));
}

const claim = { subject: 'country/NO', predicate: 'capital', object: 'Oslo', confidence: 0.9, timestamp: 1 };

function complaint(content: string | Uint8Array | undefined): string {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const read = readClaim({ number: 7, bytes });
  if (read === undefined || !isProblem(read)) throw new Error(`no problem, but ${JSON.stringify(read)}`);
  return describeProblem(read);
}

describe('readClaim', () => {
  it('reads a claim, whatever white space is around it', () => {
    const bytes = Buffer.from(` ${JSON.stringify(claim)}\t\r`);
    expect(readClaim({ number: 1, bytes })).toMatchObject({
      subject: 'country/NO',
      object: { type: 'text', value: 'Oslo' },
      lifecycle: 'proposed',
    });
  });

  it.each(['', '  ', '\r', ' \t '])('takes %j for no line at all', (text) => {
    expect(readClaim({ number: 1, bytes: Buffer.from(text) })).toBeUndefined();
  });

  it('tells where the JSON ends to be JSON, in characters', () => {
    expect(complaint('{"subject":"🇳🇴" "x"}')).toBe('line 7, column 17: expected "," or "}"');
    expect(complaint('{"subject":"a","subject":"b"}')).toBe(
      'line 7, column 16: "subject" is there for the second time',
    );
  });

  it('tells which field breaks which rule', () => {
    expect(complaint(JSON.stringify({ ...claim, confidence: 1.5 }))).toBe(
      'line 7, confidence: must lie between 0 and 1 [STEME_CONFIDENCE_OUT_OF_RANGE]',
    );
    expect(complaint(JSON.stringify({ ...claim, colour: 'red' }))).toMatch(
      /^line 7, colour: is no field that is known here.*\[STEME_FIELD_UNKNOWN\]$/,
    );
    expect(complaint('[]')).toMatch(/^line 7: the value is of another type.*\[STEME_FIELD_TYPE\]$/);
  });

  it.each([
    [[0x22, 0xff, 0x22], 2],
    [[0x22, 0xc3, 0x28, 0x22], 3],
    [[0x22, 0x41, 0xe2, 0x82], 4],
    [[0x22, 0xed, 0xa0, 0x80, 0x22], 3],
    [[0x22, 0xc0, 0xaf, 0x22], 2],
    [[0xf0, 0x9f, 0x87, 0xb3, 0x80], 5],
  ])('refuses %j, which is no UTF-8 from byte %i on', (bytes, at) => {
    expect(complaint(Uint8Array.from(bytes))).toBe(`line 7, byte ${at}: no UTF-8 from here on`);
  });

  it('refuses a line that was too long to be kept', () => {
    expect(complaint(undefined)).toBe(`line 7: is longer than ${lineBytesMax} bytes, so it is no claim`);
  });

  it('has room in a line for the longest claim, every character escaped', () => {
    const escaped = (bytes: number): string => `\\u0001`.repeat(bytes);
    const hash = 'ab'.repeat(32);
    const line =
      `{"subject":"${escaped(1024)}","predicate":"${escaped(1024)}","object":{"text":"${escaped(65_536)}"},` +
      `"parentHash":"${hash}","sourceHash":"${hash}","epoch":9007199254740991,"lifecycle":"under-review",` +
      `"confidence":0.12345678901234568,"timestamp":9007199254740991}`;
    expect(line.length).toBeLessThan(lineBytesMax);
    expect(readClaim({ number: 1, bytes: Buffer.from(line) })).toMatchObject({
      confidence: expect.any(Number) as number,
    });
  });
});
