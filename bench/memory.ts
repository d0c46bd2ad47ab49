import { loadCatalogue, runCampaign } from '../src/explore/index.ts';
import { CampaignTally } from '../src/report/index.ts';
import { heapBytes, sampledRuns } from './heap.ts';
import { checkTargets } from './measure.ts';

/** How many; a campaign of 100,000 takes ten minutes on two cores. */
const runs = Number(process.argv[2] ?? 100_000);
const jobs = 2;
/** Of all runs: until then code is compiled and caches fill. */
const warmUpShare = 0.25;

interface Sample {
  readonly run: number;
  readonly bytes: number;
}

const catalogue = await loadCatalogue();
const plan = { seed: '42', pairs: [{ arena: 'arena-0-spine', scenario: 'few-claims' }] };
const tally = new CampaignTally(catalogue.arenas.values(), plan.pairs);
const series = {
  'heap of the main thread': [] as Sample[],
  'heap of a worker': [] as Sample[],
  'memory of the process': [] as Sample[],
};
const begun = performance.now();
const summary = await runCampaign(catalogue, {
  plan,
  runs,
  jobs,
  isolate: true,
  bail: Infinity,
  shard: { index: 0, count: 1 },
  mutant: undefined,
  script: new URL('./memory-worker.js', import.meta.url),
  stop: () => false,
  onRun: (record) => {
    tally.add(record, performance.now() - begun);
    const { run } = record;
    if (run % sampledRuns !== 0) return;
    series['heap of a worker'].push({ run, bytes: record.stats.peakBytes.heap });
    series['heap of the main thread'].push({ run, bytes: heapBytes() });
    series['memory of the process'].push({ run, bytes: process.memoryUsage().rss });
  },
});
const seconds = (performance.now() - begun) / 1000;
process.stdout.write(
  `${summary.runs} runs, ${summary.held} held, ${jobs} jobs, ${(summary.runs / seconds).toFixed(0)} runs a second\n\n` +
    `${''.padEnd(24)}${'first'.padStart(10)}${'last'.padStart(10)}   MiB for each 10,000 runs more\n`,
);
const targets = Object.entries(series).map(([name, samples]) => {
  const warm = samples.filter(({ run }) => run >= runs * warmUpShare);
  const slope = slopeOf(warm);
  const [first, last] = [warm[0], warm.at(-1)].map((sample) => mebibytes(sample?.bytes ?? 0).toFixed(1));
  process.stdout.write(
    `${name.padEnd(24)}${first?.padStart(10)}${last?.padStart(10)}${mebibytes(slope * 10_000)
      .toFixed(3)
      .padStart(10)}\n`,
  );
  return {
    claim: `${name}, MiB more after ${runs} runs`,
    measured: mebibytes(slope * runs * (1 - warmUpShare)),
    must: 'at most',
    bound: name.startsWith('heap') ? 4 : 40,
  } as const;
});
process.stdout.write(`\n${checkTargets(targets)}\n`);

/** Of the line with the least squares: bytes for each run. */
function slopeOf(samples: readonly Sample[]): number {
  const mean = (of: (sample: Sample) => number): number =>
    samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length;
  const runMean = mean(({ run }) => run);
  const byteMean = mean(({ bytes }) => bytes);
  const covariance = mean(({ run, bytes }) => (run - runMean) * (bytes - byteMean));
  return covariance / mean(({ run }) => (run - runMean) ** 2);
}

function mebibytes(bytes: number): number {
  return bytes / 2 ** 20;
}
