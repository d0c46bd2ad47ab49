import process from 'node:process';
import type { Ports } from '../../ports/index.ts';
import type { StandIn } from '../guard/index.ts';
import { nodeCallbacks } from './node-callbacks.ts';
import { NodePromises } from './node-promises.ts';
import { nodeRandom } from './node-random.ts';
import { nodeTimers } from './node-timers.ts';

/** Taken before a guard can close it; a step ends when its queue is empty, as with microtasks. */
const nextTick = process.nextTick.bind(process);

/**
 * What a process of a simulated machine answers for Node's own functions, by the names that the guard knows them by:
 * files without the `Sync` functions and streams, timers, the time, randomness, and `fetch` if that is given.
 * With these, code runs unmodified that knows nothing of ports.
 */
export function nodeStandIns(
  { clock, entropy, fs, scheduler }: Ports,
  fetch?: typeof globalThis.fetch,
): ReadonlyMap<string, StandIn> {
  const promises = new NodePromises(fs, entropy);
  const hrtime = (since: readonly [number, number] = [0, 0]): [number, number] => {
    const nanos = Math.round(clock.monotonicMs() * 1e6) - since[0] * 1e9 - since[1];
    return [Math.floor(nanos / 1e9), ((nanos % 1e9) + 1e9) % 1e9];
  };
  const standIns: Readonly<Record<string, StandIn>> = {
    ...methodsOf(promises),
    ...prefixed('fs.', nodeCallbacks(promises)),
    ...nodeTimers(clock, scheduler),
    ...nodeRandom(entropy),
    'Date.now': () => clock.wallMs(),
    'performance.now': () => clock.monotonicMs(),
    'process.hrtime': hrtime,
    'process.hrtime.bigint': () => BigInt(Math.round(clock.monotonicMs() * 1e6)),
    'process.uptime': () => clock.monotonicMs() / 1000,
    'process.nextTick': nextTick as StandIn,
    ...(fetch === undefined ? {} : { fetch: fetch as StandIn }),
  };
  return new Map(Object.entries(standIns));
}

function methodsOf(promises: NodePromises): Record<string, StandIn> {
  const names = Object.getOwnPropertyNames(NodePromises.prototype).filter(
    (name) => name !== 'constructor' && name !== 'handleOf',
  ) as (keyof NodePromises)[];
  return Object.fromEntries(
    names.map((name) => [`fs.promises.${name}`, promises[name].bind(promises) as StandIn]),
  );
}

function prefixed(prefix: string, table: Readonly<Record<string, StandIn>>): Record<string, StandIn> {
  return Object.fromEntries(Object.entries(table).map(([name, standIn]) => [prefix + name, standIn]));
}
