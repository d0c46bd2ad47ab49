import { type ClockState, type StateFrame, wallMsAt, type WorldState } from '../explore/index.ts';
import { grouped } from '../report/index.ts';
import { microsText } from './clock-text.ts';

export interface FileLine {
  readonly machine: string;
  readonly path: string;
  readonly durableBytes: number;
  readonly unsyncedBytes: number;
  /** What a power loss would do beside losing bytes: `name unsynced`, `stale`. */
  readonly remarks: readonly string[];
  /** By the step that is shown. */
  readonly isChanged: boolean;
}

export interface TaskLine {
  readonly task: string;
  /** `ready`, `waits`, `until 3.20ms`, `paused`. */
  readonly state: string;
  readonly on: string;
  readonly isChanged: boolean;
}

/** Files of all machines: those that the step changed first, then what a power loss would take, then the rest. */
export function fileLines({ machines }: WorldState, frame: StateFrame | undefined): FileLine[] {
  const lines = Object.entries(machines).flatMap(([machine, { files }]) =>
    Object.entries(files).flatMap(([path, { kind, size, unsynced, stale, name }]): FileLine[] => {
      const unsyncedBytes = unsynced.reduce((sum, [from, to]) => sum + to - from, 0);
      const remarks = [
        ...(name === 'durable' ? [] : [name === 'removed' ? 'removed' : 'name unsynced']),
        ...(stale.length > 0 ? ['stale'] : []),
      ];
      if (kind === 'directory' && remarks.length === 0) return [];
      const isChanged = frame?.machines?.[machine]?.files?.[path] !== undefined;
      const durableBytes = size - unsyncedBytes;
      return [{ machine, path, durableBytes, unsyncedBytes, remarks, isChanged }];
    }),
  );
  const rank = ({ isChanged, unsyncedBytes, remarks }: FileLine): number =>
    isChanged ? 0 : unsyncedBytes > 0 || remarks.length > 0 ? 1 : 2;
  return lines.toSorted((one, other) => rank(one) - rank(other));
}

/** Tasks: those that the step changed first, then those that may run next, then the rest. */
export function taskLines({ tasks }: WorldState, frame: StateFrame | undefined): TaskLine[] {
  const lines = Object.entries(tasks).flatMap(([path, { waits }]) =>
    waits.map(({ on, state, dueMicros, heldBy }) => ({
      task: shortTask(path),
      state: state === 'later' ? `until ${microsText(dueMicros ?? 0)}` : state === 'parked' ? 'waits' : state,
      on: heldBy === undefined ? on : `${on}, held by ${shortTask(heldBy)}`,
      isChanged: frame?.tasks?.[path] !== undefined,
    })),
  );
  const rank = ({ isChanged, state }: TaskLine): number => (isChanged ? 0 : state === 'ready' ? 1 : 2);
  return lines.toSorted((one, other) => rank(one) - rank(other));
}

/** What a machine is, and what its clock shows: `node-1 up as node-1/2, 01-01 00:00:00.079`. */
export function machineTexts({ machines }: WorldState, timeMicros: number): string[] {
  return Object.entries(machines).map(([name, { clock, process, isPaused }]) => {
    const status = process === null ? 'down' : isPaused ? 'stands still' : `up as ${process}`;
    return [`${name} ${status}`, wallText(clock, timeMicros), ...clockRemarks(clock)].join(', ');
  });
}

function wallText(clock: ClockState, timeMicros: number): string {
  return new Date(wallMsAt(clock, timeMicros)).toISOString().slice(5, -1).replace('T', ' ');
}

function clockRemarks({ driftPpm, isFrozen }: ClockState): string[] {
  if (isFrozen) return ['clock stands still'];
  if (driftPpm === 0) return [];
  return [`clock ${grouped(Math.abs(driftPpm))} ppm ${driftPpm > 0 ? 'fast' : 'slow'}`];
}

/** Without what all tasks have in common. */
export function shortTask(path: string): string {
  return path.replace(/^main\/root\/?/, '') || 'main';
}

/** Of each path in a text the file and its folder. */
export function shortPath(text: string): string {
  return text.replaceAll(/\/\S*\/([^/\s]+\/[^/\s]+)/g, '$1');
}
