import { describe, expect, it } from 'vitest';
import { nodeSignatures, toHex } from '../crypto/index.ts';
import type { FileHandle, FileSystem } from '../ports/index.ts';
import type { NewApiKey } from './access/index.ts';
import {
  type Assertion,
  assertionHash,
  encodeAssertion,
  signAssertion,
  signVote,
  encodeVote,
} from './model/index.ts';
import { type StemeConfig, StemeDB } from './stemedb.ts';
import { secretKey, smallConfig as config, withPorts } from './stemedb.test-support.ts';
import { Journal } from './wal/index.ts';

const reader: NewApiKey = { name: 'a reader', roles: ['reader'] };

describe('StemeDB', () => {
  it('gives back a claim bit for bit, by hash, by subject, and by subject and predicate', async () => {
    await withPorts(async (ports) => {
      const db = await StemeDB.open(ports, config);
      const assertion = claim('Tesla \u0000 🚗', 'revenue', 96.7);
      const receipt = await db.submit(assertion);
      await db.waitUntilOffset(receipt.endOffset);
      const stored = await db.get(receipt.hash);
      expect(toHex(encodeAssertion(stored!))).toBe(toHex(encodeAssertion(assertion)));
      expect(await hashes(db.bySubject('Tesla \u0000 🚗'))).toEqual([toHex(receipt.hash)]);
      expect(await hashes(db.bySubjectPredicate('Tesla \u0000 🚗', 'revenue'))).toEqual([
        toHex(receipt.hash),
      ]);
      expect(await hashes(db.bySubject('Tesla'))).toEqual([]);
      expect(await hashes(db.bySubjectPredicate('Tesla \u0000 🚗', 'rev'))).toEqual([]);
      await db.close();
    });
  });

  it('takes the same content again as the same claim: the first that is stored stays', async () => {
    await withPorts(async (ports) => {
      const db = await StemeDB.open(ports, config);
      const first = claim('Tesla', 'revenue', 1);
      const second = signAssertion(first, [secretKey(1), secretKey(2)], nodeSignatures);
      await db.submit(first);
      const { hash, endOffset } = await db.submit(second);
      await db.waitUntilOffset(endOffset);
      expect((await db.get(hash))?.signatures).toHaveLength(1);
      expect(await hashes(db.bySubject('Tesla'))).toHaveLength(1);
      await db.close();
    });
  });

  it('refuses a signature that belongs to another claim, and writes nothing', async () => {
    await withPorts(async (ports) => {
      const db = await StemeDB.open(ports, config);
      const forged: Assertion = {
        ...claim('Tesla', 'revenue', 2),
        signatures: claim('Tesla', 'revenue', 1).signatures,
      };
      const before = db.durableOffset;
      await expect(db.submit(forged)).rejects.toMatchObject({ code: 'STEME_SIGNATURE_INVALID' });
      expect(db.durableOffset).toBe(before);
      await db.close();
    });
  });

  it('puts what cannot be ingested into quarantine with its reason, and goes on behind it', async () => {
    await withPorts(async (ports) => {
      const forged = { ...claim('a', 'b', 2), signatures: claim('a', 'b', 1).signatures };
      const content = { assertionHash: assertionHash(forged), weightMillionths: 1, timestamp: 0 };
      const vote = signVote(content, secretKey(1), nodeSignatures);
      const poisons = [
        new Uint8Array([1, 2, 3]),
        encodeAssertion(forged),
        encodeAssertion(claim('a', 'b', 1)).slice(0, -1),
        encodeVote({ ...vote, weightMillionths: 2 }),
      ];
      const journal = await Journal.open(ports, '/data/wal', config.wal);
      for (const body of poisons) await journal.append(body);
      await journal.append(encodeAssertion(claim('good', 'claim', 1)));
      await journal.close();

      const db = await StemeDB.open(ports, config);
      await db.waitUntilOffset(db.durableOffset);
      expect(await hashes(db.bySubject('good'))).toHaveLength(1);
      const quarantined: { code: string; body: string }[] = [];
      for await (const entry of db.entries()) {
        if (entry.kind === 'quarantined') quarantined.push({ code: entry.code, body: toHex(entry.body) });
      }
      expect(quarantined.map(({ code }) => code)).toEqual([
        'STEME_DECODE_KIND',
        'STEME_SIGNATURE_INVALID',
        'STEME_DECODE_TRUNCATED',
        'STEME_SIGNATURE_INVALID',
      ]);
      expect(quarantined.map(({ body }) => body)).toEqual(poisons.map((body) => toHex(body)));
      await db.close();
    });
  });

  it('reads the log again after a transient error: an EIO is neither the end nor damage', async () => {
    await withPorts(async (ports) => {
      const faults = new FailingReads(ports.fs);
      const db = await StemeDB.open({ ...ports, fs: faults.fs }, config);
      faults.failNext = 3;
      const { hash, endOffset } = await db.submit(claim('a', 'b', 1));
      await db.waitUntilOffset(endOffset);
      expect(faults.failNext).toBe(0);
      expect(await db.get(hash)).toBeDefined();
      expect(db.ingestStatus.stopped).toBeUndefined();
      await db.close();
    });
  });

  it('stops ingest loudly when the log is damaged behind its back, and still takes claims', async () => {
    await withPorts(async (ports) => {
      const faults = new FailingReads(ports.fs);
      const db = await StemeDB.open({ ...ports, fs: faults.fs }, config);
      faults.garble = true;
      const { endOffset } = await db.submit(claim('a', 'b', 1));
      await expect(db.waitUntilOffset(endOffset)).rejects.toMatchObject({ code: 'STEME_INGEST_STOPPED' });
      expect(db.ingestStatus).toMatchObject({ cursor: 0, stopped: { code: 'STEME_WAL_CORRUPT' } });
      expect(db.ingestStatus.lagBytes).toBeGreaterThan(0);
      await db.submit(claim('a', 'b', 2));
      await db.close();

      const again = await StemeDB.open(ports, config);
      await again.waitUntilOffset(again.durableOffset);
      expect(await hashes(again.bySubject('a'))).toHaveLength(2);
      await again.close();
    });
  });

  it('rejects whatever is asked of it once it is closed, and ends waits that cannot be fulfilled', async () => {
    await withPorts(async (ports) => {
      const db = await StemeDB.open(ports, config);
      const { key } = await db.access.create(reader);
      const waiting = ports.scheduler.spawn('waiter', async () => {
        await expect(db.waitUntilOffset(1e9)).rejects.toMatchObject({ code: 'STEME_CLOSED' });
      });
      await ports.scheduler.yield();
      await db.close();
      await waiting.join();
      await db.close();
      for (const call of [
        () => db.submit(claim('a', 'b', 1)),
        () => db.get(new Uint8Array(32)),
        () => hashes(db.bySubject('a')),
        () => hashes(db.bySubjectPredicate('a', 'b')),
        () => db.compact(),
        () => db.access.create(reader),
        () => db.access.list(),
        () => db.access.revoke('0123456789abcdef'),
        () => db.access.authenticate(key),
      ]) {
        await expect(call()).rejects.toMatchObject({ code: 'STEME_CLOSED' });
      }
    });
  });

  it('goes on ingesting after a restart where it had come to, and gives back the log below', async () => {
    await withPorts(async (ports) => {
      const small: StemeConfig = {
        ...config,
        wal: { ...config.wal, segmentBytes: 4096 },
        ingest: { ...config.ingest, checkpointBytes: 2048 },
      };
      for (let round = 0; round < 4; round++) {
        const db = await StemeDB.open(ports, small);
        for (let nth = 0; nth < 8; nth++) await db.submit(claim('a', `${round}.${nth}`, nth));
        await db.waitUntilOffset(db.durableOffset);
        expect(db.ingestStatus).toMatchObject({ cursor: db.durableOffset, lagBytes: 0 });
        expect(await hashes(db.bySubject('a'))).toHaveLength(8 * (round + 1));
        await db.close();
      }
      expect((await ports.fs.readdir('/data/wal')).length).toBeLessThan(6);
    });
  });
});

/** A file system whose reads of log segments fail, or give garbage, on demand. */
class FailingReads {
  failNext = 0;
  garble = false;
  readonly fs: FileSystem;

  constructor(inner: FileSystem) {
    this.fs = {
      open: async (path, flags, mode) => {
        const handle = await inner.open(path, flags, mode);
        return path.startsWith('/data/wal/') && flags === 'r' ? this.#wrap(handle) : handle;
      },
      readdir: (path) => inner.readdir(path),
      mkdir: (path, options) => inner.mkdir(path, options),
      rename: (from, to) => inner.rename(from, to),
      unlink: (path) => inner.unlink(path),
      rmdir: (path) => inner.rmdir(path),
      stat: (path) => inner.stat(path),
    };
  }

  #wrap(inner: FileHandle): FileHandle {
    return {
      read: async (buffer, offset, length, position) => {
        const result = await inner.read(buffer, offset, length, position);
        if (this.failNext > 0) {
          this.failNext--;
          throw Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' });
        }
        if (this.garble) buffer.fill(0x5a, offset, offset + result.bytesRead);
        return result;
      },
      write: (buffer, offset, length, position) => inner.write(buffer, offset, length, position),
      sync: () => inner.sync(),
      datasync: () => inner.datasync(),
      truncate: (length) => inner.truncate(length),
      stat: () => inner.stat(),
      close: () => inner.close(),
    };
  }
}

function claim(subject: string, predicate: string, value: number): Assertion {
  const content = {
    subject,
    predicate,
    object: { type: 'number', value },
    lifecycle: 'proposed',
    confidence: 1,
    timestamp: 0,
  } as const;
  return signAssertion(content, [secretKey(1)], nodeSignatures);
}

async function hashes(listing: AsyncIterable<Uint8Array>): Promise<string[]> {
  const found: string[] = [];
  for await (const hash of listing) found.push(toHex(hash));
  return found;
}
