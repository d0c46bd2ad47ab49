import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** One run of so many is looked at. */
export const sampledRuns = 250;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** What this thread's heap holds, garbage collected. */
export function heapBytes(): number {
  collect();
  return process.memoryUsage().heapUsed;
}
