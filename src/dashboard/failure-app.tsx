import { useApp, useInput } from 'ink';
import { type ReactNode, useState } from 'react';
import type { Failure } from './campaign-model.ts';
import { FailureScreen, type FailureScreenProps } from './failure-screen.tsx';
import { HelpView } from './help-view.tsx';
import { isCtrlC } from './keys.ts';
import { useScreenSize } from './use-screen-size.ts';

export interface FailureAppProps {
  readonly failure: Failure;
  readonly replay: FailureScreenProps['replay'];
}

/** One failure by itself, until somebody leaves it. */
export function FailureApp({ failure, replay }: FailureAppProps): ReactNode {
  const size = useScreenSize();
  const { exit } = useApp();
  const [isHelp, setHelp] = useState(false);
  useInput((input, key) => {
    if (isCtrlC(input, key) || input === 'q') exit();
    if (input === '?' || (isHelp && key.escape)) setHelp((isShown) => !isShown);
  });
  if (isHelp) return <HelpView {...size} />;
  return <FailureScreen failure={failure} size={size} replay={replay} onBack={exit} />;
}
