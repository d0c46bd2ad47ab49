import { Violation } from '../../check/index.ts';
import type { Question, Reply } from './door.ts';

/** What must hold of an answer because of what was seen of the server around it. */
export function judgeFreshness(
  { maxStaleMs }: Omit<Question, 'agentId'>,
  { throughOffset, materializedAtMs }: Reply,
  { cursor, durableOffset, askedAtMs, wallMs }: NonNullable<Reply['server']>,
): void {
  const isBehind = throughOffset < cursor;
  if (throughOffset > durableOffset) {
    throw stale('An answer covers more of the log than there is.', `at most ${durableOffset}`, throughOffset);
  }
  if (isBehind && (materializedAtMs === undefined || maxStaleMs === 0)) {
    throw stale(
      'An answer misses what had been ingested before the question.',
      `at least ${cursor}`,
      throughOffset,
    );
  }
  if (materializedAtMs === undefined) return;
  if (materializedAtMs > wallMs) {
    throw stale('A view from the future has answered.', `made at ${wallMs} at the latest`, materializedAtMs);
  }
  // It has aged since the question, if anything.
  if (isBehind && maxStaleMs !== undefined && askedAtMs - materializedAtMs > maxStaleMs) {
    const atLeast = askedAtMs - maxStaleMs;
    throw stale(
      'A view has answered that is behind and too old.',
      `made at ${atLeast} or later`,
      materializedAtMs,
    );
  }
}

function stale(message: string, expected: string, actual: number): Violation {
  return new Violation({
    property: 'answers-are-as-fresh-as-asked',
    category: 'inconsistent',
    message,
    expected,
    actual: String(actual),
  });
}
