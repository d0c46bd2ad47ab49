import type { StemeConfig } from '../engine/index.ts';
import type { ArenaContext } from './context.ts';
import { rankedMax } from './population/society.ts';
import type { Workload } from './scenario.ts';

/** What the scenario says about how much goes on, or else a few of everything. */
export function drawWorkload(context: ArenaContext): Workload {
  return (
    context.scenario.workload ?? {
      agents: context.knob('agents', [5, 2, 8, 12]),
      operationsPerAgent: context.knob('operationsPerAgent', [6, 3, 12]),
      queriers: context.knob('queriers', [2, 1, 4]),
      ingestWorkers: context.knob('ingest.workers', [1, 2, 4]),
    }
  );
}

/** Sizes of a database: so small that a short run rotates, flushes and compacts, or as large as the workload needs. */
export function drawConfig(context: ArenaContext, workload: Workload): StemeConfig {
  const views = { restMs: context.knob('views.restMs', [1, 0, 50, 1000]), rankedMax };
  const query = { rankedMax };
  const ingest = { workers: workload.ingestWorkers };
  const directory = '/data/steme';
  if (context.scenario.workload !== undefined) return { directory, ingest, views, query };
  return {
    directory,
    views,
    query,
    wal: {
      sectorBytes: 512,
      segmentBytes: context.knob('wal.segmentBytes', [16_384, 4096, 8192]),
      groupBytesMax: context.knob('wal.groupBytesMax', [65_536, 2048]),
      idleWatermarkMs: context.knob('wal.idleWatermarkMs', [0, 2, 20]),
    },
    kv: {
      memtableBytes: context.knob('kv.memtableBytes', [65_536, 4096, 16_384]),
      runsMax: context.knob('kv.runsMax', [4, 1, 2]),
      blockBytes: context.knob('kv.blockBytes', [1024, 256]),
    },
    kvLog: {
      sectorBytes: 512,
      segmentBytes: context.knob('kvLog.segmentBytes', [65_536, 16_384]),
      idleWatermarkMs: 0,
    },
    ingest: {
      ...ingest,
      batchBytesMax: context.knob('ingest.batchBytesMax', [16_384, 1, 2048]),
      batchRecordsMax: context.knob('ingest.batchRecordsMax', [64, 1, 4]),
      checkpointBytes: context.knob('ingest.checkpointBytes', [8192, 1, 2048]),
    },
  };
}

/** One of how many agents comes over the network, 0 for none: few of many, and all where it is the network that fails. */
export function drawRemoteOneOf(context: ArenaContext): number {
  const { network, hostileRequests = 0 } = context.scenario;
  if (network !== undefined || hostileRequests > 0) return context.knob('remoteOneOf', [1, 2]);
  return context.scenario.workload === undefined ? context.knob('remoteOneOf', [0, 0, 3]) : 50;
}
