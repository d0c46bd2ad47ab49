import { useApp, useInput } from 'ink';
import { type ReactNode, useEffect, useState, useSyncExternalStore } from 'react';
import type { Replayed, RunFile } from '../explore/index.ts';
import type { CampaignModel } from './campaign-model.ts';
import { CampaignView } from './campaign-view.tsx';
import { FailureScreen } from './failure-screen.tsx';
import { HelpView } from './help-view.tsx';
import { isCtrlC } from './keys.ts';
import { useScreenSize } from './use-screen-size.ts';

/** What a person can ask of a campaign. */
export interface CampaignActions {
  /** Begins no more runs; what has begun ends and counts. */
  quit(this: void): void;
  /** Somebody who has quit does not want to wait. */
  quitAtOnce(this: void): void;
  stopMinimizing(this: void): void;
  replay(this: void, file: RunFile): Promise<Replayed | undefined>;
}

export interface CampaignAppProps {
  readonly model: CampaignModel;
  readonly actions: CampaignActions;
}

/** The dashboard of a campaign. Ends by itself once the campaign is over, unless somebody is reading. */
export function CampaignApp({ model, actions }: CampaignAppProps): ReactNode {
  const snapshot = useSyncExternalStore(model.subscribe, model.snapshot);
  const size = useScreenSize();
  const { exit } = useApp();
  const [isHelp, setHelp] = useState(false);
  const [wanted, setWanted] = useState(0);
  const [opened, setOpened] = useState<string>();
  const { failures, phase } = snapshot;
  const chosen = Math.max(0, Math.min(wanted, failures.length - 1));
  const failure = failures.find(({ signature }) => signature === opened);
  const isReading = isHelp || failure !== undefined;

  useEffect(() => {
    if (phase === 'over' && !isReading) exit();
  }, [phase, isReading, exit]);

  const quit = (): void => {
    setHelp(false);
    setOpened(undefined);
    if (phase === 'stopping') actions.quitAtOnce();
    if (phase === 'playing' || phase === 'paused') {
      model.phase = 'stopping';
      actions.quit();
    }
  };
  const press = (letter: string): void => {
    if (letter === 'q') quit();
    else if (letter === '?') setHelp((isShown) => !isShown);
    else if (letter === 's') actions.stopMinimizing();
    else if (letter === 'p' && model.phase === 'playing') model.phase = 'paused';
    else if (letter === 'p' && model.phase === 'paused') model.phase = 'playing';
  };
  useInput((input, key) => {
    if (isCtrlC(input, key)) quit();
    // Keys that are pressed in haste come together.
    else if (!key.ctrl && !key.meta) for (const letter of input) press(letter);
    if (isHelp && key.escape) setHelp(false);
    if (isReading) return;
    if (key.upArrow) setWanted(Math.max(0, chosen - 1));
    if (key.downArrow) setWanted(chosen + 1);
    if (key.return) setOpened(failures[chosen]?.signature);
  });

  if (isHelp) return <HelpView {...size} />;
  if (failure !== undefined) {
    const { replay } = actions;
    const notice = phase === 'over' ? 'all played' : phase === 'playing' ? undefined : phase;
    const onBack = (): void => setOpened(undefined);
    return (
      <FailureScreen
        key={opened}
        failure={failure}
        size={size}
        notice={notice}
        replay={replay}
        onBack={onBack}
      />
    );
  }
  return <CampaignView snapshot={snapshot} chosen={chosen} {...size} />;
}
