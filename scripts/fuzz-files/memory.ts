import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Bytes that the process needs. */
export interface MemoryUse {
  /** What is left when all garbage has been collected: it grows if something is never given back. */
  readonly retainedBytes: number;
  /** The most that the process ever occupied: it grows if something is huge, however short. */
  readonly peakBytes: number;
}

export function measureMemory(): MemoryUse {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return { retainedBytes: heapUsed + arrayBuffers, peakBytes: process.resourceUsage().maxRSS * 1024 };
}
