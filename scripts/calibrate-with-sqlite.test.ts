import { beforeAll, describe, expect, it } from 'vitest';
import { type CrashProfile, crashProfiles, Disk } from '../src/sim/index.ts';
import { runCampaign } from './calibration/campaign.ts';
import { LedgerDatabase } from './calibration/database.ts';
import { disks } from './calibration/disks.ts';
import { DiskVfs } from './calibration/disk-vfs.ts';
import { playEpisode } from './calibration/episode.ts';
import { Host } from './calibration/host.ts';
import { Ledger } from './calibration/ledger.ts';
import { type Mode, modes } from './calibration/modes.ts';
import { renderTable } from './calibration/table.ts';

const { strict } = crashProfiles;
const claimed = disks.filter(({ isClaimed }) => isClaimed);
const hardestClaimed = disks.find(({ profile }) => profile.name === 'strict, nothing stale, power-safe')!;
const sound = modes.filter(({ promises }) => promises !== 'nothing');
const mode = (name: string): Mode => modes.find((candidate) => candidate.name === name)!;
const seeds = 30;

let vfs: DiskVfs;
beforeAll(async () => {
  vfs = await DiskVfs.load();
});

describe('SQLite on the simulated disk', () => {
  it.each(sound.map(({ name }) => name))('keeps what it promises with journal %s', (name) => {
    const rows = runCampaign(vfs, { modes: [mode(name)], disks: claimed, seeds });
    expect(rows.filter(({ broken }) => broken.length > 0).map((row) => renderTable([row]))).toEqual([]);
  });

  it('keeps it however much is lost: every legal version of everything as likely', () => {
    const rows = runCampaign(vfs, { modes: sound, disks: [hardestClaimed], seeds, lossMode: 'free' });
    expect(rows.filter(({ broken }) => broken.length > 0).map((row) => renderTable([row]))).toEqual([]);
  });

  it.each([
    ['OFF', 0.9],
    ['MEMORY', 0.8],
    ['DELETE, lying sync', 0.8],
    ['WAL, lying sync', 0.8],
  ])('is seen to break with journal %s', (name, least) => {
    const [row] = runCampaign(vfs, { modes: [mode(name)], disks: [hardestClaimed], seeds, lossMode: 'free' });
    expect(1 - (row?.counts.get('held') ?? 0) / seeds).toBeGreaterThanOrEqual(least);
  });

  it('loses nothing to a kill even when syncs lie, for the page cache survives', () => {
    const kill = disks.filter(({ profile }) => profile.name === 'kill');
    const [row] = runCampaign(vfs, { modes: [mode('DELETE, lying sync')], disks: kill, seeds });
    expect(row?.counts).toEqual(new Map([['held', seeds]]));
  });
});

describe('what strict has beyond the claims of SQLite', () => {
  const findingOn = (profile: CrashProfile, name: string, seed: string): string =>
    playEpisode(vfs, { seed, mode: mode(name), profile }).finding;
  const profileOf = (name: string): CrashProfile =>
    disks.find(({ profile }) => profile.name === name)!.profile;

  it('is that stale bytes of a journal may stand in a new journal, which then cuts the database to nothing', () => {
    for (const seed of ['28', '92']) {
      expect(findingOn(strict, 'TRUNCATE', seed)).toMatch(/lost|malformed/);
      expect(findingOn(profileOf('strict, power-safe'), 'TRUNCATE', seed)).toMatch(/lost|malformed/);
      expect(findingOn(profileOf('strict, nothing stale'), 'TRUNCATE', seed)).toBe('held');
    }
  });

  it('is that an overwrite may harm its sector, where WAL goes on in that of the last commit after recovery', () => {
    for (const seed of ['553', '1107']) {
      const profile = profileOf('strict, nothing stale');
      const { finding, powerLosses } = playEpisode(vfs, { seed, mode: mode('WAL'), profile });
      expect(finding).toBe('last-undone');
      expect(powerLosses.length).toBeGreaterThan(1);
      expect(findingOn(profileOf('strict, nothing stale, power-safe'), 'WAL', seed)).toBe('held');
    }
  });
});

describe('journal DELETE', () => {
  it('may lose its last commit with FULL, only because the journal may be back, and never with EXTRA', () => {
    const namesStay = {
      profile: { ...hardestClaimed.profile, names: 'all', name: 'names stay' },
      isClaimed: true,
    } as const;
    const undone = (name: string, disk: typeof hardestClaimed): number =>
      runCampaign(vfs, { modes: [mode(name)], disks: [disk], seeds })[0]?.counts.get('last-undone') ?? 0;
    expect(undone('DELETE', hardestClaimed)).toBeGreaterThan(0);
    expect(undone('DELETE', namesStay)).toBe(0);
    expect(undone('DELETE, synchronous EXTRA', hardestClaimed)).toBe(0);
  });
});

describe('an episode', () => {
  it('is the same for the same seed, whatever was played before it, and on every machine', () => {
    const play = (seed: string, name: string) =>
      playEpisode(vfs, { seed, mode: mode(name), profile: strict });
    const first = ['1', '2'].flatMap((seed) => modes.map(({ name }) => play(seed, name).digest));
    const again = ['2', '1'].flatMap((seed) => modes.toReversed().map(({ name }) => play(seed, name).digest));
    expect(again.toReversed()).toEqual(first);
    expect(new Set(first).size).toBe(first.length);
    expect(first.slice(0, 2).map((digest) => digest.slice(0, 16))).toEqual([
      'a4aa68889c306a97',
      '4c49cb2fc534078a',
    ]);
  });

  it('loses power in the middle of changes, commits and recovery', () => {
    const calls = new Set<string>();
    for (let seed = 0; seed < 40; seed += 1) {
      for (const each of [mode('DELETE, synchronous EXTRA'), mode('WAL')]) {
        const { powerLosses } = playEpisode(vfs, { seed: String(seed), mode: each, profile: strict });
        for (const { during, after } of powerLosses) calls.add(`${during}: ${after.split(' ', 1)[0]}`);
      }
    }
    expect([...calls]).toEqual(
      expect.arrayContaining([
        'change: write',
        'change: sync',
        'commit: write',
        'commit: sync',
        'commit: delete',
        'start: write',
        'start: sync',
        'start: delete',
        'start: truncate',
      ]),
    );
  });
});

describe('the ledger', () => {
  const ledgerWith = (commits: number): Ledger => {
    const ledger = new Ledger({ choose: (domain) => Math.min(1, domain - 1) });
    ledger.beginTables();
    ledger.acknowledge();
    for (let nth = 0; nth < commits; nth += 1) {
      ledger.begin({ version: nth + 1, changes: [[1, String(nth + 1)]], ending: 'COMMIT' });
      ledger.acknowledge();
    }
    return ledger;
  };
  const state = (version: number, text: string) => ({ version, texts: new Map([[1, text]]) });

  it('knows what was committed, what was open, what was undone, lost and torn', () => {
    expect(ledgerWith(3).settle(state(3, '3'))).toBe('held');
    expect(ledgerWith(3).settle(state(2, '2'))).toBe('last-undone');
    expect(ledgerWith(3).settle(state(1, '1'))).toBe('lost');
    expect(ledgerWith(3).settle(state(3, '2'))).toBe('torn');
    expect(ledgerWith(3).settle(state(4, '4'))).toBe('torn');
    const open = ledgerWith(3);
    open.begin({ version: 4, changes: [[1, '4']], ending: 'COMMIT' });
    expect(open.settle(state(4, '4'))).toBe('held');
    expect(open.settle(state(3, '3'))).toBe('last-undone');
  });
});

describe('the VFS', () => {
  it('hands on a defect of its own instead of an error of SQLite', () => {
    const host = new Host({
      disk: new Disk(),
      profile: strict,
      lossMode: undefined,
      changesUntilLoss: Infinity,
      losesBefore: false,
      lossDraws: { at: () => ({ choose: () => 0 }) },
      entropy: {
        choose: () => {
          throw new Error('no entropy');
        },
      },
      lyingSync: false,
    });
    const live = (): void => {
      const db = new LedgerDatabase(vfs.sqlite);
      db.configure(mode('DELETE'));
      db.createTables();
      db.close();
    };
    expect(() => vfs.on(host, live)).toThrow('no entropy');
  });
});
