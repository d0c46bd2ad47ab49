import type { Draws } from '../../choices/draws.ts';
import type { FileChange, FileNode } from '../file-node.ts';
import type { Crash } from './crash-file.ts';
import { Growth, type Timeline } from './timeline.ts';

/** The size that a power loss leaves a file, and what follows for its content. */
export interface SizeDecision {
  readonly bytes: number;
  /** When the change happened that made it so; 0 for the durable size. */
  readonly sequence: number;
  /** The changes through that one. Later truncations are undone. */
  readonly applied: ReadonlySet<FileChange>;
  /** The least size on the way there: bytes from here on count as newly exposed. */
  readonly leastBytes: number;
  /** Data written before this moment is on the disk, whatever else is lost. */
  readonly dataThrough: number;
  /** With a journal: the first truncation that was not committed. */
  readonly undone: FileChange | undefined;
}

export function decideSize(crash: Crash, file: FileNode, group: string, draws: Draws): SizeDecision {
  const { profile, names, survival } = crash;
  const sized = file.changes.filter(({ sizeBefore, sizeAfter }) => sizeBefore !== sizeAfter);
  const uncommitted = sized.filter(
    (change) => change.kind === 'resize' && change.sequence > (names.journalThrough ?? Infinity),
  );
  const dataThrough = profile.renameReplaceBarrier
    ? Math.max(0, ...file.replacedAt.filter((sequence) => names.hasCommitted(sequence)))
    : 0;

  const timeline: Timeline = {
    kind: 'size',
    group,
    draws,
    sequences: sized.map((change) => change.sequence),
    ...boundsOf(crash, sized, uncommitted[0], dataThrough),
    sector: -1,
    mayTear: false,
  };
  const { version } = survival.fate(timeline);
  const last = sized[version - 1];
  const sequence = last?.sequence ?? 0;
  const applied = file.changes.filter((change) => change.sequence <= sequence);

  let bytes = last?.sizeAfter ?? file.durableSize;
  if (last?.kind === 'write') {
    const growth = new Growth(last.sizeBefore, last.sizeAfter, profile.growthStepBytes);
    if (growth.steps > 0) bytes = growth.sizeWithout(survival.stepsMissing(timeline, version, growth));
  }
  return {
    bytes,
    sequence,
    applied: new Set(applied),
    leastBytes: applied.reduce((least, { sizeAfter }) => Math.min(least, sizeAfter), file.durableSize),
    dataThrough,
    undone: uncommitted.find((change) => change.sizeAfter < change.sizeBefore),
  };
}

/** With a journal, a truncation is in or out with its transaction, and what follows it cannot be in alone. */
function boundsOf(
  { profile, names }: Crash,
  sized: readonly FileChange[],
  uncommitted: FileChange | undefined,
  dataThrough: number,
): { readonly earliest: number; readonly latest: number } {
  if (profile.data === 'none') return { earliest: 0, latest: 0 };
  const latest = uncommitted === undefined ? sized.length : sized.indexOf(uncommitted);
  const required = sized.findLastIndex(
    (change) =>
      change.sequence < dataThrough ||
      (change.kind === 'resize' && change.sequence <= (names.journalThrough ?? -1)),
  );
  return { earliest: Math.min(required + 1, latest), latest };
}
