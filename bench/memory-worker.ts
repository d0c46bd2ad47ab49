/** A worker of a campaign that tells, in some of its records, what its heap holds once garbage has been collected. */
import { workerData } from 'node:worker_threads';
import { loadCatalogue, play } from '../src/explore/index.ts';
import type { RunRecord } from '../src/explore/index.ts';
import { workThrough } from '../src/explore/worker-loop.ts';
import type { WorkerInput } from '../src/explore/worker-pool.ts';
import { heapBytes, sampledRuns } from './heap.ts';

const catalogue = await loadCatalogue();
await workThrough(workerData as WorkerInput, async (plan): Promise<RunRecord> => {
  const { record } = await play(catalogue, plan);
  const heap = plan.run % sampledRuns === 0 ? heapBytes() : 0;
  return { ...record, stats: { ...record.stats, peakBytes: { ...record.stats.peakBytes, heap } } };
});
