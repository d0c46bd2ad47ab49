import type { Key } from 'ink';
import type { Move } from './scrubber.ts';

export function isCtrlC(input: string, key: Pick<Key, 'ctrl'>): boolean {
  return key.ctrl && input === 'c';
}

/** Where a key leads in a replay. */
export function moveOf(key: Key): Move | undefined {
  if (key.leftArrow) return 'back';
  if (key.rightArrow) return 'forward';
  if (key.upArrow) return 'story-back';
  if (key.downArrow) return 'story-forward';
  if (key.pageUp) return 'page-back';
  if (key.pageDown) return 'page-forward';
  if (key.home) return 'first';
  return key.end ? 'last' : undefined;
}
