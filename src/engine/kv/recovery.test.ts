import { describe, expect, it } from 'vitest';
import { WalCorruptError } from '../wal/index.ts';
import { bytes, list, put, TestMachine } from './kv.test-support.ts';
import { decodeManifest, encodeManifest, type Manifest } from './manifest.ts';
import { manifestName, manifestNumbersIn, runIdsIn, runName } from './names.ts';

/** A closed store with a run each for `runs` and its log for `tail`; returns its newest manifest, too. */
async function machineWith(runs: readonly string[], tail: readonly string[] = []): Promise<TestMachine> {
  const machine = new TestMachine();
  const store = await machine.open();
  for (const key of runs) {
    await store.batch([put(key, 'run')]);
    await store.flush();
  }
  for (const key of tail) await store.batch([put(key, 'log')]);
  await store.close();
  return machine;
}

function newestManifest(machine: TestMachine): Manifest {
  const number = manifestNumbersIn(machine.names()).at(-1) ?? 0;
  const manifest = decodeManifest(machine.read(manifestName(number)), number);
  if (typeof manifest === 'string') throw new Error(manifest);
  return manifest;
}

function flip(machine: TestMachine, name: string, at: number): void {
  const damaged = machine.read(name);
  damaged[at]! ^= 1;
  machine.write(name, damaged);
}

/** Names and contents of all files, and how often the log was opened, to see that nothing was touched. */
function filesOf(machine: TestMachine): unknown {
  return [machine.logOpenings, machine.names().map((name) => [name, machine.read(name)])];
}

async function refuseLog(): Promise<void> {
  throw new WalCorruptError('/data/wal', 4096, 'the log begins here, though it is still needed from 0 on');
}

describe('recovery', () => {
  it('brings back runs and log, as often as it is asked to', async () => {
    const machine = await machineWith(['a', 'b'], ['c', 'd']);
    for (let time = 0; time < 3; time += 1) {
      const store = await machine.open();
      expect(await list(store)).toEqual(['a=run', 'b=run', 'c=log', 'd=log']);
      await store.close();
      expect(machine.openHandles).toBe(0);
    }
    expect(machine.names()).toHaveLength(3);
    expect(machine.telemetry.markers).toContain('kv.log-replayed');
  });

  it('counts nothing twice when the log still holds what is in a run', async () => {
    const machine = new TestMachine();
    const store = await machine.open();
    await store.batch([{ type: 'increment', key: bytes('n'), delta: 5 }]);
    await store.batch([{ type: 'increment', key: bytes('n'), delta: 2 }]);
    const before = await store.get(bytes('n'));
    // The log is not cleaned up, and the manifest that names the run says to read all of it.
    machine.log.cleanup = async () => undefined;
    await store.flush();
    await store.close();
    const manifest = newestManifest(machine);
    machine.write(manifestName(manifest.number), encodeManifest({ ...manifest, logOffset: 0 }));
    const again = await machine.open();
    expect(await again.get(bytes('n'))).toEqual(before);
  });

  it('takes a torn manifest for none when the one before is whole', async () => {
    const machine = await machineWith(['a'], ['b']);
    const { number } = newestManifest(machine);
    machine.write(manifestName(number + 1), machine.read(manifestName(number)).slice(0, 50));
    machine.write(manifestName(number + 2), new Uint8Array(100));
    const store = await machine.open();
    expect(await list(store)).toEqual(['a=run', 'b=log']);
    expect(machine.telemetry.markers).toContain('kv.torn-manifest-discarded');
    expect(machine.names()).toEqual([manifestName(number + 3), runName(1)]);
  });

  it.each([
    [
      'a run of it is gone',
      (machine: TestMachine) => machine.volume.unlinkSync(`${machine.directory}/${runName(1)}`),
    ],
    ['the log that it needs is gone', (machine: TestMachine) => (machine.review = refuseLog)],
  ])('takes a manifest for damaged, not torn, when the one before is back and %s', async (_, take) => {
    const machine = await machineWith(['a', 'b']);
    const { number } = newestManifest(machine);
    machine.write(manifestName(number + 1), machine.read(manifestName(number)));
    flip(machine, manifestName(number + 1), 40);
    take(machine);
    const before = filesOf(machine);
    await expect(machine.open()).rejects.toMatchObject({
      code: 'STEME_KV_CORRUPT',
      path: `${machine.directory}/${manifestName(number + 1)}`,
      message: expect.stringContaining('with the manifest before it the store is not whole'),
      cause: expect.objectContaining({ code: expect.stringContaining('CORRUPT') }),
    });
    expect(filesOf(machine)).toEqual(before);
  });

  it('takes a manifest for torn when an older one stands in its file', async () => {
    const machine = await machineWith(['a']);
    const { number } = newestManifest(machine);
    machine.write(manifestName(number + 1), machine.read(manifestName(number)));
    const store = await machine.open();
    expect(await list(store)).toEqual(['a=run']);
  });

  it('begins anew when the first manifest was torn and nothing else is there', async () => {
    const machine = new TestMachine();
    machine.volume.mkdirSync(machine.directory, { recursive: true });
    machine.write(manifestName(1), new Uint8Array(20));
    const store = await machine.open();
    expect(await list(store)).toEqual([]);
    expect(machine.names()).toEqual([manifestName(2)]);
  });

  it('removes runs that no manifest names, and never uses their numbers again', async () => {
    const machine = await machineWith(['a']);
    machine.write(runName(9), bytes('half a run'));
    machine.write('notes.txt', bytes('of somebody else'));
    const store = await machine.open();
    expect(runIdsIn(machine.names())).toEqual([1]);
    expect(machine.names()).toContain('notes.txt');
    expect(machine.telemetry.markers).toContain('kv.orphan-run-removed');
    await store.batch([put('b', 'run')]);
    await store.flush();
    expect(runIdsIn(machine.names())).toEqual([1, 10]);
  });

  it('goes on without what it cannot remove', async () => {
    const machine = await machineWith(['a']);
    machine.write(runName(9), bytes('half a run'));
    machine.failCalls = 'unlink';
    const store = await machine.open();
    await store.batch([put('b', 'run')]);
    await store.compact();
    expect(await list(store)).toEqual(['a=run', 'b=run']);
    expect(machine.telemetry.markers).toContain('kv.leftover');
    await store.close();
    machine.failCalls = undefined;
    const again = await machine.open();
    expect(await list(again)).toEqual(['a=run', 'b=run']);
    expect(machine.names()).toHaveLength(2);
  });
});

describe('recovery is refused, and nothing is touched,', () => {
  it.each<[string, (machine: TestMachine) => void, RegExp]>([
    [
      'when a run is missing',
      (machine) => machine.volume.unlinkSync(`${machine.directory}/${runName(1)}`),
      /missing/,
    ],
    ['when a run is shorter', (machine) => machine.write(runName(1), new Uint8Array(10)), /has 10 bytes/],
    ['when the index of a run is damaged', (machine) => flip(machine, runName(1), 35), /index/],
    [
      'when a run is another one',
      (machine) => machine.write(runName(1), machine.read(runName(2))),
      /the file is run 2/,
    ],
    [
      'when no manifest is whole, and runs are there',
      (machine) => flip(machine, manifestName(3), 30),
      /run-00000001 is there, but manifest-00000003: the digest does not match/,
    ],
    [
      'when all manifests are gone, and runs are there',
      (machine) => machine.volume.unlinkSync(`${machine.directory}/${manifestName(3)}`),
      /run-00000001 is there, but no manifest is/,
    ],
    [
      'when the log is gone',
      (machine) => {
        machine.volume.rmSync(`${machine.directory}/log`, { recursive: true });
      },
      /the log is missing/,
    ],
  ])('%s', async (_, damage, reason) => {
    const machine = await machineWith(['a', 'b']);
    expect(machine.names()).toEqual([manifestName(3), runName(1), runName(2)]);
    damage(machine);
    const before = filesOf(machine);
    await expect(machine.open()).rejects.toMatchObject({
      code: 'STEME_KV_CORRUPT',
      message: expect.stringMatching(reason),
    });
    expect(filesOf(machine)).toEqual(before);
    expect(machine.openHandles).toBe(0);
  });

  it('when the manifest is gone, and the log holds records', async () => {
    const machine = await machineWith([], ['a']);
    machine.volume.unlinkSync(`${machine.directory}/${manifestName(1)}`);
    const before = filesOf(machine);
    await expect(machine.open()).rejects.toMatchObject({
      code: 'STEME_KV_CORRUPT',
      reason: 'the log holds records, but no manifest is there',
    });
    expect(filesOf(machine)).toEqual(before);
  });

  it('when the log is that of another store', async () => {
    const machine = await machineWith([], ['a']);
    const manifest = newestManifest(machine);
    const storeId = manifest.storeId.map((byte) => byte + 1);
    machine.write(manifestName(manifest.number), encodeManifest({ ...manifest, storeId }));
    const before = filesOf(machine);
    await expect(machine.open()).rejects.toMatchObject({
      code: 'STEME_KV_CORRUPT',
      reason: 'the record belongs to another store',
    });
    expect(filesOf(machine)).toEqual(before);
  });

  it('when whoever opens it does not want what it holds, in runs or in the log', async () => {
    const machine = await machineWith(['a'], ['b']);
    const before = filesOf(machine);
    const unwanted = new Error('not this one');
    machine.review = async ({ get }) => {
      expect([await get(bytes('a')), await get(bytes('b')), await get(bytes('c'))]).toEqual([
        bytes('run'),
        bytes('log'),
        undefined,
      ]);
      throw unwanted;
    };
    await expect(machine.open()).rejects.toBe(unwanted);
    expect(filesOf(machine)).toEqual(before);
    expect(machine.openHandles).toBe(0);
    machine.review = async () => undefined;
    const store = await machine.open();
    await store.batch([put('c', 'run')]);
    await store.compact();
    expect(await list(store)).toEqual(['a=run', 'b=log', 'c=run']);
    await store.close();
    expect(machine.openHandles).toBe(0);
  });

  it.each(['open', 'read', 'readdir', 'stat'])(
    'when %s fails, and succeeds when asked again',
    async (call) => {
      const machine = await machineWith(['a'], ['b']);
      const before = filesOf(machine);
      machine.failCalls = call;
      await expect(machine.open()).rejects.toMatchObject({ code: 'STEME_KV_IO', errno: 'EIO' });
      expect(filesOf(machine)).toEqual(before);
      expect(machine.openHandles).toBe(0);
      machine.failCalls = undefined;
      const store = await machine.open();
      expect(await list(store)).toEqual(['a=run', 'b=log']);
    },
  );

  it('when the new manifest cannot be synced, and every handle is given back', async () => {
    const machine = await machineWith(['a'], ['b']);
    machine.failSyncsOf = 'manifest-';
    await expect(machine.open()).rejects.toMatchObject({ code: 'STEME_KV_IO', errno: 'EIO' });
    expect(machine.openHandles).toBe(0);
    machine.failSyncsOf = undefined;
    const store = await machine.open();
    expect(await list(store)).toEqual(['a=run', 'b=log']);
    expect(machine.names()).toHaveLength(2);
  });
});
