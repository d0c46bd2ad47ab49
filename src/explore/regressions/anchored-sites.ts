import type { Scenario } from '../../arena/index.ts';
import type { Lane } from '../../sim/index.ts';

/** When faults come, and what they do: what the anchors of a kept case tell in place of these draws. */
const anchored: readonly RegExp[] = [
  // Crashes, images, and what else comes at a moment.
  /:(crashes|images|clock|clock-freeze|pauses|rots) (\d+|count)$/,
  // Each crash of a loop is a crash.
  /:crash-loops$/,
  /:crash-loop-ways$/,
  // Calls of the file system: `node-1:datasync:syncError`.
  /^[^:>]+:(?!site:)[a-z]+:[a-zA-Z]+$/,
  // Messages: `agent-1>node-1:dropRequest`.
  /^[^:>]+>[^:>]+:[a-zA-Z]+$/,
];

/** Whether a kept case tells by its anchors, or by its schedule, what was drawn at `site`. */
export function isAnchored(lane: Lane, site: string, scenario: Scenario): boolean {
  // Where bits flip at moments of the run, that is where all bits are drawn that do.
  if (lane === 'fault' && site.endsWith(':rot')) return scenario.rot !== undefined;
  if (lane === 'schedule' && site === 'pick') return true;
  return (lane === 'fault' || lane === 'schedule') && anchored.some((pattern) => pattern.test(site));
}
