import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tombstone } from './cursor.ts';
import { bytes, golden } from './kv.test-support.ts';
import { decodeLogRecord, encodeLogRecord } from './log-record.ts';
import { Memtable } from './memtable.ts';

const storeId = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);

function sample(): Uint8Array {
  const changes = new Memtable();
  changes.set(bytes('put'), bytes('value'));
  changes.set(bytes('deleted'), tombstone);
  return encodeLogRecord(storeId, changes.view());
}

describe('a record of the log', () => {
  it('has the bytes that the format says', async () => {
    expect(sample()).toEqual(await golden('kv-log-record'));
    const entries = decodeLogRecord(await golden('kv-log-record'), storeId);
    expect(typeof entries === 'string' ? entries : [...entries.copies()]).toEqual([
      [bytes('deleted'), tombstone],
      [bytes('put'), bytes('value')],
    ]);
  });

  it('is not taken for one of another store', () => {
    expect(decodeLogRecord(sample(), storeId.toReversed())).toBe('the record belongs to another store');
  });

  it('is refused when its entries do not fill it, before memory is taken for them', () => {
    const record = sample();
    new DataView(record.buffer).setUint32(12, 0xffffffff, true);
    expect(decodeLogRecord(record, storeId)).toBe('the entries of the record do not fill it');
    for (let length = 0; length < sample().length; length += 1) {
      expect(decodeLogRecord(sample().slice(0, length), storeId), `${length} bytes`).toBeTypeOf('string');
    }
  });

  it('never reads beyond its end, whatever it holds', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.nat(8), (noise, count) => {
        const record = Uint8Array.of(...storeId, 2, 0, 0, 0, count, 0, 0, 0, ...noise);
        const entries = decodeLogRecord(record, storeId);
        if (typeof entries === 'string') return;
        let size = 0;
        for (const [key, value] of entries.copies())
          size += 6 + key.length + (value === tombstone ? 0 : value.length);
        expect(size).toBe(noise.length);
      }),
      { numRuns: 2000 },
    );
  });
});
