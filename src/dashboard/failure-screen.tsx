import { useInput } from 'ink';
import { type ReactNode, useEffect, useState } from 'react';
import type { Replayed, RunFile } from '../explore/index.ts';
import type { Failure } from './campaign-model.ts';
import { FailureView } from './failure-view.tsx';
import { moveOf } from './keys.ts';
import { moved } from './scrubber.ts';
import { storyOf } from './story.ts';
import { useReplay } from './use-replay.ts';
import type { ScreenSize } from './use-screen-size.ts';

export interface FailureScreenProps {
  readonly failure: Failure;
  readonly size: ScreenSize;
  readonly notice?: string | undefined;
  replay(this: void, file: RunFile): Promise<Replayed | undefined>;
  onBack(this: void): void;
}

/** A failure with its keys. Begins at its end, where it failed. */
export function FailureScreen(props: FailureScreenProps): ReactNode {
  const { failure, size, notice, onBack } = props;
  const replay = useReplay(failure.file, props.replay);
  const [isStateLarge, setStateLarge] = useState(false);
  const [at, setAt] = useState(Infinity);
  const states = typeof replay === 'string' ? undefined : replay.states;
  const last = (states?.frames.length ?? 0) - 1;
  // Another replay, of the minimized run, has other steps.
  useEffect(() => setAt(Infinity), [states]);
  useInput((_, key) => {
    if (key.escape) onBack();
    if (key.tab) setStateLarge((isLarge) => !isLarge);
    const move = moveOf(key);
    if (move === undefined || states === undefined || failure.file === undefined) return;
    const story = storyOf(failure.file);
    setAt((index) => moved(states, story, Math.min(index, last), move));
  });
  return (
    <FailureView
      failure={failure}
      replay={replay}
      at={Math.min(at, last)}
      isStateLarge={isStateLarge}
      notice={notice}
      {...size}
    />
  );
}
