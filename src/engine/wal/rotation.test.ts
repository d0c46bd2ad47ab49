import { describe, expect, it } from 'vitest';
import { Disk } from '../../sim/disk/index.ts';
import { crashImages, WatchedProcess } from './crash.test-support.ts';
import { bodyOf, boot, indexOf, readAll } from './journal.test-support.ts';

describe('a power loss at any moment of a rotation', () => {
  it.each([
    ['all of it synced', 1],
    ['the last groups only written', 4],
    ['nothing synced so far', 100],
  ])('leaves a log that opens and has all that was acknowledged: %s', async (_, syncEvery) => {
    let acknowledged = 0;
    const watched = new WatchedProcess(new Disk(), () => acknowledged);
    const { process, moments } = watched;
    const journal = await process.open();
    for (let count = 1; process.reached('wal.rotated') === 0; count += 1) {
      if (journal.tailOffset > 6 * 1024) watched.watch();
      const sync = count % syncEvery === 0;
      await journal.append(bodyOf(count - 1), { sync });
      if (sync) acknowledged = count;
    }
    for (const { disk, noted } of moments) {
      for (const image of crashImages(disk, 80)) {
        const again = await boot(image).open();
        const found = (await readAll(again)).map(({ body }) => indexOf(body));
        expect(found).toEqual(found.map((_index, at) => at));
        expect(found.length).toBeGreaterThanOrEqual(noted);
        await again.close();
      }
    }
  });
});
