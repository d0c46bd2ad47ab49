import { readFileSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blake3, fromHex, toHex } from '../../crypto/index.ts';
import { Disk } from '../../sim/disk/index.ts';
import { envelopeBytes } from './envelope.ts';
import { WalVersionError } from './index.ts';
import { boot, readAll, readFile, segmentNames, TestProcess, writeFile } from './journal.test-support.ts';
import { decodeRecord, encodeRecord, measureRecord, type RecordFields, recordHeadBytes } from './record.ts';

const fixture = new URL('../../../fixtures/format/v2/wal-segments.txt', import.meta.url);

const bodies = ['first', '', 'of two', 'the other of two', 'x'.repeat(500), 'in the second segment'].map(
  (text) => new TextEncoder().encode(text),
);

/** Two segments, with groups of one and of two, a seal and a watermark. */
async function writeSample(): Promise<Disk> {
  const disk = new Disk();
  const journal = await new TestProcess(disk, { seed: 'golden' }).open({ segmentBytes: 4096 });
  const [first, empty, one, other, ...more] = bodies as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  await journal.append(first);
  await journal.append(empty);
  await Promise.all([journal.append(one), journal.append(other)]);
  for (const body of more) await journal.append(body);
  await journal.close();
  return disk;
}

/** Names, lengths, and the bytes in lines of 32; lines of zeros are left out. */
function dump(disk: Disk): string {
  const lines: string[] = [];
  for (const name of segmentNames(disk)) {
    const bytes = readFile(disk, name);
    lines.push(`${name} ${bytes.length}`);
    for (let at = 0; at < bytes.length; at += 32) {
      const row = bytes.subarray(at, at + 32);
      if (row.some((byte) => byte !== 0)) lines.push(`${String(at).padStart(6, '0')} ${toHex(row)}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

function undump(text: string): Disk {
  const disk = new Disk();
  disk.mkdir('/data/log', { recursive: true });
  const files = new Map<string, Uint8Array>();
  let current = new Uint8Array(0);
  for (const line of text.trimEnd().split('\n')) {
    const [head, tail] = line.split(' ') as [string, string];
    if (head.endsWith('.seg')) {
      current = new Uint8Array(Number(tail));
      files.set(head, current);
    } else {
      current.set(fromHex(tail)!, Number(head));
    }
  }
  for (const [name, bytes] of files) writeFile(disk, name, bytes);
  return disk;
}

describe('format v2', () => {
  it('is written byte for byte as it was when it was settled', async () => {
    const text = dump(await writeSample());
    if (globalThis.process.env['UPDATE_GOLDEN'] === 'yes') writeFileSync(fixture, text);
    expect(text).toBe(readFileSync(fixture, 'utf8'));
  });

  it('of back then can still be read', async () => {
    const journal = await boot(undump(readFileSync(fixture, 'utf8'))).open();
    expect((await readAll(journal)).map(({ body }) => body)).toEqual(bodies);
    await journal.close();
  });

  it('is refused, and left alone, in a version of the future', async () => {
    const disk = await writeSample();
    const [name] = segmentNames(disk) as [string];
    const bytes = readFile(disk, name);
    bytes[8] = 3;
    bytes.set(blake3(bytes, 0, 104), 104);
    writeFile(disk, name, bytes);
    const before = disk.digest();
    await expect(boot(disk).open()).rejects.toBeInstanceOf(WalVersionError);
    expect(disk.digest()).toBe(before);
  });
});

describe('a record', () => {
  const nonce = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  const number = fc.oneof(fc.nat(1000), fc.maxSafeNat());
  const fields: fc.Arbitrary<RecordFields> = number.chain((offset) =>
    fc.record({
      kind: fc.constantFrom('data', 'watermark', 'seal'),
      carried: fc.boolean(),
      nonce: fc.constant(nonce),
      lsn: number.map((value) => Math.max(1, value)),
      offset: fc.constant(offset),
      durableThrough: fc.maxSafeNat().map((value) => Math.min(value, offset)),
      previousHash: fc.uint8Array({ minLength: 32, maxLength: 32 }),
      body: fc.uint8Array({ maxLength: 300 }),
    }),
  );

  function encode(of: RecordFields, filler: number, at = 0): Uint8Array {
    const total = recordHeadBytes + of.body.length + filler;
    const bytes = new Uint8Array(at + total + 5).fill(0xee);
    encodeRecord(bytes, new DataView(bytes.buffer), at, total, of);
    return bytes.subarray(at, at + total);
  }

  it('comes back as it was, wherever it is written and whatever filler follows', () => {
    fc.assert(
      fc.property(fields, fc.nat(600), fc.nat(40), (of, filler, at) => {
        const frame = encode(of, filler, at);
        expect(measureRecord(frame, frame.length)).toBe(frame.length);
        const { nonce: _nonce, ...expected } = of;
        expect(decodeRecord(frame, nonce)).toMatchObject({
          ...expected,
          endOffset: of.offset + frame.length,
        });
      }),
    );
  });

  it('notices every single flipped bit', () => {
    const of: RecordFields = {
      kind: 'data',
      carried: false,
      nonce,
      lsn: 7,
      offset: 512,
      durableThrough: 512,
      previousHash: new Uint8Array(32).fill(9),
      body: Uint8Array.of(1, 2, 3),
    };
    const frame = encode(of, 20);
    for (let bit = 0; bit < frame.length * 8; bit += 1) {
      frame[bit >>> 3]! ^= 1 << (bit & 7);
      const measured = measureRecord(frame, frame.length);
      const decoded = measured === frame.length ? decodeRecord(frame, nonce) : 'not measured';
      expect(decoded).toBeTypeOf('string');
      frame[bit >>> 3]! ^= 1 << (bit & 7);
    }
  });

  it('is none of another segment', () => {
    fc.assert(
      fc.property(fields, (of) => {
        expect(decodeRecord(encode(of, 0), Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 9))).toBe(
          'a record of another segment',
        );
      }),
    );
  });

  it.each([
    ['a run of zeros', new Uint8Array(4096), 'a length of zero'],
    ['a length that no payload has', lengthOf(envelopeBytes - 1), 'a length out of range'],
    ['the longest length there is', lengthOf(0xffffffff), 'a length out of range'],
    ['a length beyond the end of the file', lengthOf(5000), 'a length beyond the end'],
    [
      'too few bytes for a head',
      new Uint8Array(recordHeadBytes - 1),
      'the end of the file in the middle of a record',
    ],
  ])('is not %s', (_, bytes, fault) => {
    expect(measureRecord(bytes, bytes.length)).toBe(fault);
  });
});

function lengthOf(payloadBytes: number): Uint8Array {
  const bytes = new Uint8Array(4096);
  new DataView(bytes.buffer).setUint32(0, payloadBytes, true);
  return bytes;
}
