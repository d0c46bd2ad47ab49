import type { ReplayStates, StoryStep } from '../explore/index.ts';

/** A key that moves through a replay. */
export type Move =
  'back' | 'forward' | 'page-back' | 'page-forward' | 'first' | 'last' | 'story-back' | 'story-forward';

/** So many steps is a page. */
const pageSteps = 10;

/** From frame `at` to another; -1 is before the first. The story's moves go to where its steps are. */
export function moved(
  { frames }: Pick<ReplayStates, 'frames'>,
  story: readonly StoryStep[],
  at: number,
  move: Move,
): number {
  const last = frames.length - 1;
  const clamped = (index: number): number => Math.max(-1, Math.min(last, index));
  switch (move) {
    case 'back':
      return clamped(at - 1);
    case 'forward':
      return clamped(at + 1);
    case 'page-back':
      return clamped(at - pageSteps);
    case 'page-forward':
      return clamped(at + pageSteps);
    case 'first':
      return -1;
    case 'last':
      return last;
    case 'story-back': {
      const places = placesOf(frames, story);
      return places.findLast((place) => place < at) ?? -1;
    }
    case 'story-forward': {
      const places = placesOf(frames, story);
      return places.find((place) => place > at) ?? last;
    }
  }
}

/** For each step of the story the frame after which it had happened. */
function placesOf(frames: ReplayStates['frames'], story: readonly StoryStep[]): number[] {
  return story.map(({ step }) => frames.findLastIndex((frame) => frame.step <= step));
}
