import { describe, expect, it } from 'vitest';
import { EagerSites } from '../../ports/sites.test-support.ts';
import { sites as engineSites } from '../sites.ts';
import { type FaultRates, LogUnderFire, noFaults } from './crash.test-support.ts';

const flaky: FaultRates = { failedSync: 40, failedWrite: 80, failedRead: 150, shortCall: 10 };

describe('a log that is killed and loses power again and again', () => {
  it.each([
    ['strict', 'a disk that works', noFaults],
    ['strict', 'a disk that fails now and then', flaky],
    ['ext4-ordered', 'a disk that works', noFaults],
    ['kill', 'a disk that fails now and then', flaky],
  ])('keeps what it acknowledged and holds a prefix of the rest (%s, %s)', async (profile, _, faults) => {
    const markers = new Set<string>();
    for (let seed = 0; seed < 40; seed += 1) {
      const log = new LogUnderFire(`${profile} ${seed}`, profile, faults);
      await expect(outcomeOf(log), `seed ${seed}`).resolves.toBe('held');
      for (const marker of log.markers.keys()) markers.add(marker);
    }
    expect(markers).toContain('wal.rotated');
    expect(markers).toContain('wal.group-of-many');
    expect(markers).toContain('wal.carried-tail');
    expect(markers).toContain('wal.headerless-discarded');
    expect(markers).toContain('wal.superseded-removed');
    if (profile === 'strict') expect(markers).toContain('wal.torn-tail-cut');
  });
});

describe('a log whose every site fires', () => {
  it.each([
    ['a disk that works', noFaults],
    ['a disk that fails now and then', flaky],
  ])('keeps what it acknowledged, and holds a prefix of the rest (%s)', async (_, faults) => {
    const sites = new EagerSites();
    for (let seed = 0; seed < 15; seed += 1) {
      const log = new LogUnderFire(`sites ${seed}`, 'strict', faults, sites);
      await expect(outcomeOf(log), `seed ${seed}`).resolves.toBe('held');
    }
    const ours = Object.keys(engineSites).filter((site) => site.startsWith('wal.'));
    expect([...sites.fired].toSorted()).toEqual(ours.toSorted());
  });
});

async function outcomeOf(log: LogUnderFire): Promise<'held'> {
  for (let lives = 0; lives < 8; lives += 1) await log.life();
  await log.inspect();
  return 'held';
}
