import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadCatalogue } from '../catalogue.ts';
import { play, type PlayedRun } from '../play.ts';
import { toRunFile } from '../run-file.ts';
import { planRun, type RunPlan } from '../run-plan.ts';
import type { MinimizedCase } from '../run-record.ts';
import { omissible, omitting } from './candidate.ts';
import { minimize, MinimizeError } from './minimize.ts';
import { earlierCrashes } from './nearby.ts';
import { foundIn, playCandidate } from './player.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const catalogue = await loadCatalogue();

const pairs = [
  ['arena-0-spine', 'torn-writes'],
  ['arena-1-cortex', 'clock-skew'],
  ['arena-2-voting', 'network'],
] as const;

describe('a run that is taken apart', () => {
  it.each(pairs)('is the same run, told by who overtakes whom: %s, %s', async (arena, scenario) => {
    for (const plan of plans(arena, scenario, 1)) {
      const { record, tape, observed } = await recorded(plan);
      const { overtakings } = observed;
      const played = await playCandidate(catalogue, plan, { tape: tape!, overtakings });
      expect(played.record.digest).toBe(record.digest);
      const strict = await play(catalogue, plan, { replay: { mode: 'strict', tape: played.tape! } });
      expect(strict.record.digest).toBe(record.digest);
    }
  });

  it('does without each operation and each fault by itself, and the others stay as they were', async () => {
    const [plan] = plans('arena-0-spine', 'torn-writes', 1);
    const { tape, observed } = await recorded(plan!);
    const told = { tape: tape!, overtakings: observed.overtakings };
    const all = await playCandidate(catalogue, plan!, told);
    const whole = { played: all, ...foundIn(all) };
    const sites = omissible(whole.candidate.tape, 'workload').filter((site) => site.includes(' op-'));
    expect(sites.length).toBeGreaterThan(3);
    for (const site of [sites[1]!, sites.at(-1)!]) {
      const without = omitting(whole.candidate.tape, 'workload', [site]);
      const played = await playCandidate(catalogue, plan!, { ...whole.candidate, tape: without });
      const left = site.slice('omit '.length);
      expect(Object.keys(played.tape!.workload)).not.toContain(left);
      for (const other of sites.filter((one) => one !== site)) {
        const name = other.slice('omit '.length);
        expect(draws(played, name)).toEqual(draws(whole.played, name));
      }
    }
    const faults = omissible(whole.candidate.tape, 'fault');
    const calm = omitting(whole.candidate.tape, 'fault', faults);
    const played = await playCandidate(catalogue, plan!, { ...whole.candidate, tape: calm });
    expect(played.record.faults['crash-image'] ?? 0).toBe(0);
  });

  it('has crashes that come earlier, one at a time and at most a little', async () => {
    const [plan] = plans('arena-0-spine', 'torn-writes', 1);
    const { tape, observed } = await recorded(plan!);
    const near = earlierCrashes({ tape: tape!, overtakings: observed.overtakings });
    expect(near.length).toBeGreaterThan(4);
    for (const candidate of near) {
      const changed = Object.keys(candidate.tape.fault).filter(
        (site) => JSON.stringify(candidate.tape.fault[site]) !== JSON.stringify(tape!.fault[site]),
      );
      expect(changed).toHaveLength(1);
    }
  });
});

describe('minimize', () => {
  it('has nothing to do with a run that held', async () => {
    const [plan] = plans('arena-0-spine', 'calm', 1);
    const file = await toRunFile(await recorded(plan!), undefined);
    await expect(minimize(catalogue, file)).rejects.toThrow(MinimizeError);
  });

  /** Of each room one that is soon found: all are in `bench/minimizer.ts`. */
  const cases = [
    minimized('wal-group-not-synced', 'arena-0-spine', 'torn-writes', 'acknowledged-survives'),
    minimized('wal-torn-tail-is-fatal', 'arena-0-spine', 'torn-writes', 'crash-state-opens'),
    minimized('audit-vote-counter-read-modify-write', 'arena-2-voting', 'calm', 'votes-add-up'),
    minimized('query-stale-view-called-fresh', 'arena-1-cortex', 'calm', 'answers-agree-with-the-log'),
    minimized('lens-tie-by-smaller-hash', 'arena-1-cortex', 'calm', 'views-agree-with-the-store'),
    minimized('ingest-bad-record-skipped', 'arena-3-chaos', 'hostile-input', 'bad-records-are-set-aside'),
  ];

  it.each(cases)('makes a case that fails in the same way, and is the same run in two replays', (one) => {
    expect(one.record.signature).toBe(one.signatureBefore);
    expect(one.replayed).toEqual([one.record.digest, one.record.digest]);
    for (const [index, pass] of one.passes.entries()) {
      const before = one.passes[index - 1]?.size ?? one.sizeBefore;
      expect(pass.size.faults + pass.size.operations).toBeLessThanOrEqual(before.faults + before.operations);
    }
  });

  it('makes cases of at most 15 operations and faults, and half of them have at most 6', () => {
    const sizes = cases
      .map(({ size }) => size.faults + size.operations)
      .toSorted((one, other) => one - other);
    expect(sizes.at(-1)).toBeLessThanOrEqual(15);
    expect(sizes[sizes.length >> 1]).toBeLessThanOrEqual(6);
  });

  it('says that a case is minimal, and what promise it breaks', () => {
    const [one] = cases;
    expect(one?.outcome).toBe('1-minimal');
    expect(one?.story.at(-1)?.mark).toBe('promise broken');
  });

  it('says that the budget is spent when it is, and goes on from there', () => {
    const [script, names] = ['resumed', ['wal-group-not-synced']];
    const [first, second] = ask<[MinimizedCase, MinimizedCase]>(
      script,
      names,
      'arena-0-spine',
      'torn-writes',
      '',
    );
    expect(first.outcome).toBe('budget-spent');
    expect(first.tries).toBe(5);
    expect(second.tries).toBe(15);
    expect(second.size.steps).toBeLessThanOrEqual(first.size.steps);
    expect(second.sizeBefore).toEqual(first.sizeBefore);
  });

  it('comes to the same case however many threads play', () => {
    const names = ['wal-group-not-synced'];
    const cases = ask<MinimizedCase[]>('parallel', names, 'arena-0-spine', 'torn-writes', '');
    // What is measured in real time differs from play to play.
    const told = (one: MinimizedCase | undefined): string =>
      JSON.stringify(one, (key, value: unknown) => (/^(wallMs|stats)$/.test(key) ? undefined : value));
    const [one, two] = cases;
    expect(one?.tries).toBeGreaterThan(20);
    expect(told(two)).toBe(told(one));
  });

  it('never slips from one bug to another, and tells how often it might have', () => {
    const names = ['wal-group-not-synced', 'kv-manifest-not-synced'];
    const all = ask<MinimizedCase[]>('each', names, 'arena-0-spine', 'torn-writes', '');
    expect(new Set(all.map(({ record }) => record.signature)).size).toBeGreaterThan(1);
    expect(all.flatMap(({ slipped }) => slipped).length).toBeGreaterThan(0);
    for (const { record, failure, slipped } of all) {
      expect(record.signature).toBe([failure.property, failure.category, failure.code ?? '-'].join('/'));
      expect(slipped.map(({ signature }) => signature)).not.toContain(record.signature);
    }
  });
});

function plans(arena: string, scenario: string, count: number): RunPlan[] {
  return Array.from({ length: count }, (_, run) => planRun({ seed: '5', pairs: [{ arena, scenario }] }, run));
}

function recorded(plan: RunPlan): Promise<PlayedRun> {
  return play(catalogue, plan, { record: true, observe: true });
}

/** What decided on an operation, the picks from what others had done by then aside: these have other domains. */
function draws(played: PlayedRun, operation: string): number | undefined {
  return played.tape?.workload[operation]?.[1];
}

interface Replayed extends MinimizedCase {
  readonly signatureBefore: string;
  readonly replayed: readonly string[];
}

function minimized(name: string, arena: string, scenario: string, property: string): Replayed {
  return ask<[Replayed]>('twice', [name], arena, scenario, property)[0];
}

/** Planted bugs need a process of their own. */
function ask<T>(mode: string, ...args: readonly [readonly string[], string, string, string]): T {
  const [names, arena, scenario, property] = args;
  const script = path.join(root, 'dist/src/explore/minimize/minimize-planted.js');
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [script, mode, names.join(','), arena, scenario, property],
    { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 28 },
  );
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as T;
}
