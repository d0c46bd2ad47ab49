import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { defineScenario, type Scenario, simulate } from '../src/index.ts';
import lowdbSynced from './lowdb/arenas/lowdb-synced.ts';
import lowdb from './lowdb/arenas/lowdb.ts';
import counter from './write-ahead-counter/arenas/counter.ts';

const scenario = (file: string): Scenario =>
  defineScenario(JSON.parse(readFileSync(new URL(`${file}.json`, import.meta.url), 'utf8')) as Scenario);
const powerLossOnXfs = scenario('lowdb/scenarios/power-loss-on-xfs');
const killed = scenario('lowdb/scenarios/killed');

it('loses acknowledged increments of the counter, in a case of few steps', async () => {
  const scenarios = [scenario('write-ahead-counter/scenarios/power-loss')];
  const { failures } = await simulate(counter, { runs: 20, scenarios });
  expect(failures.map(({ signature }) => signature)).toEqual(['acknowledged-survives/lost-ack/-']);
  expect(failures[0]?.file.minimized?.story.length).toBeLessThan(12);
});

it('finds that lowdb leaves an empty file behind on xfs', async () => {
  const { failures, summary } = await simulate(lowdb, {
    runs: 30,
    scenarios: [powerLossOnXfs],
    minimize: false,
  });
  expect(summary.violated).toBeGreaterThan(0);
  expect(failures.map(({ file }) => file.failure?.actual)).toEqual(['Unexpected end of JSON input']);
});

it('finds nothing when the process is killed, or when the file is synced before it is renamed', async () => {
  let kills = 0;
  const count = (faults: Readonly<Record<string, number>>): void => {
    kills += (faults['kill'] ?? 0) + (faults['power-loss'] ?? 0);
  };
  const options = {
    runs: 60,
    onRun: ({ faults }: { faults: Readonly<Record<string, number>> }) => count(faults),
  };
  expect((await simulate(lowdb, { ...options, scenarios: [killed] })).failures).toEqual([]);
  expect((await simulate(lowdbSynced, { ...options, scenarios: [powerLossOnXfs] })).failures).toEqual([]);
  expect(kills).toBeGreaterThan(20);
});
