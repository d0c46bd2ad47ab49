import { render } from 'ink-testing-library';
import { afterEach, describe, expect, it } from 'vitest';
import type { RunRecord } from '../explore/index.ts';
import { CampaignApp } from './campaign-app.tsx';
import { CampaignModel } from './campaign-model.ts';
import { rowsMax } from './heights.ts';

const cleanups: (() => void)[] = [];
afterEach(() => cleanups.splice(0).forEach((cleanup) => cleanup()));

function record(run: number, property: string | null): RunRecord {
  const signature = property === null ? null : `${property}/lost-ack/-`;
  return {
    arena: 'arena-0-spine',
    scenario: 'torn-writes',
    strategy: 'pos',
    seed: String(run),
    run,
    verdict: property === null ? 'held' : 'violated',
    property,
    signature,
    steps: 5000,
    virtualMs: 60_000,
    faults: { 'power-loss': 2, 'torn-write': run },
    markers: { 'wal.rotated': 1 },
  } as unknown as RunRecord;
}

function opened(columns: number) {
  let nowMs = 0;
  const model = new CampaignModel(
    {
      seed: '8150247219',
      arenas: [{ name: 'arena-0-spine', properties: ['acknowledged-survives', 'indexes-complete'] }],
      scenarios: ['torn-writes'],
      runs: 100,
      msMax: Infinity,
      markers: ['wal.rotated', 'kv.compacted'],
    },
    () => nowMs,
  );
  const asked: string[] = [];
  const actions = {
    quit: () => void asked.push('quit'),
    quitAtOnce: () => void asked.push('quit at once'),
    stopMinimizing: () => void asked.push('stop minimizing'),
    replay: () => new Promise<undefined>(() => undefined),
  };
  const app = render(<CampaignApp model={model} actions={actions} />);
  Object.defineProperty(app.stdout, 'columns', { value: columns });
  Object.defineProperty(app.stdout, 'rows', { value: 24 });
  app.stdout.emit('resize');
  cleanups.push(() => app.unmount());
  for (let run = 0; run < 10; run++) model.add(record(run, run === 3 ? 'acknowledged-survives' : null));
  model.setWorkers([{ run: 10, steps: 4096 }]);
  nowMs = 5000;
  model.tick();
  const settled = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  return {
    model,
    asked,
    settled,
    async press(keys: string): Promise<void> {
      await settled();
      app.stdin.write(keys);
      await settled();
    },
    frame: () => app.lastFrame() ?? '',
  };
}

describe('the dashboard of a campaign', () => {
  for (const columns of [40, 80, 200]) {
    it(`fits into ${columns} columns and 18 rows, with a failure open, too`, async () => {
      const { frame, press, settled } = opened(columns);
      await settled();
      const fits = (): void => {
        const lines = frame().split('\n');
        expect(lines.length).toBeLessThanOrEqual(rowsMax);
        expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(columns);
      };
      fits();
      expect(frame()).toContain('acknowledged-survives');
      expect(frame()).toContain('10/100');
      await press('\r');
      expect(frame()).toContain('✗ arena-0-');
      fits();
      await press('?');
      expect(frame()).toContain('a failure');
      fits();
    });
  }

  it('tells what held, what did not, what was injected and what was never reached', async () => {
    const { frame, settled } = opened(200);
    await settled();
    expect(frame()).toMatch(/✗ acknowledged-survives +1 \/ 10/);
    expect(frame()).toMatch(/✓ indexes-complete +10 held/);
    expect(frame()).toMatch(/power-loss 20 +torn-write 45/);
    expect(frame()).toContain('never reached: kv.compacted');
    expect(frame()).toContain('1 run 10 step 4,096');
    expect(frame()).toContain('✗ 1 failure');
  });

  it('pauses and goes on, stops minimizing, quits, and quits at once', async () => {
    const { press, asked, model, frame } = opened(80);
    await press('p');
    expect(model.phase).toBe('paused');
    expect(frame()).toContain('paus');
    await press('p');
    expect(model.phase).toBe('playing');
    await press('s');
    await press('q');
    expect(model.phase).toBe('stopping');
    await press('\u0003');
    expect(asked).toEqual(['stop minimizing', 'quit', 'quit at once']);
  });
});
