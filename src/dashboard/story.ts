import type { RunFile, StoryStep } from '../explore/index.ts';

/** What happened, in plain words: of a minimized run its story, of another its whole history and how it ended. */
export function storyOf({ minimized, history, failure, record }: RunFile): readonly StoryStep[] {
  if (minimized !== undefined) return minimized.story;
  const told = history.map(({ kind, step, timeMicros, actor, text }): StoryStep => {
    const isFault = kind === 'fault';
    const words = isFault ? `${actor} ${text}` : text;
    return { step, timeMicros, who: isFault ? 'fault' : actor, text: words, mark: null };
  });
  if (failure === null) return told;
  const timeMicros = Math.round(record.virtualMs * 1000);
  return [
    ...told,
    { step: record.steps, timeMicros, who: 'check', text: failure.message, mark: 'promise broken' },
  ];
}

/** The last step of the story that is no later than `step`; -1 when all are. */
export function indexAt(story: readonly StoryStep[], step: number): number {
  return story.findLastIndex((one) => one.step <= step);
}
