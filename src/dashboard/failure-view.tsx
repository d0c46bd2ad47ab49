import { Box, Text } from 'ink';
import { type ReactNode, useMemo } from 'react';
import { type Replayed, stateAt } from '../explore/index.ts';
import { grouped } from '../report/index.ts';
import type { Failure } from './campaign-model.ts';
import { KeyLine, type KeyHint } from './key-line.tsx';
import { Cell, Row } from './rows.tsx';
import { ScrubRule, StatePanels } from './state-panels.tsx';
import { indexAt, storyOf } from './story.ts';
import { StoryPanel } from './story-panel.tsx';

/** `gone`: the code does not play the run any more. */
export type ReplayStatus = Replayed | 'loading' | 'gone';

export interface FailureViewProps {
  readonly failure: Failure;
  readonly replay: ReplayStatus;
  /** Frame of the replay that is shown; -1 is before the first. */
  readonly at: number;
  /** Shows the state at large instead of the story. */
  readonly isStateLarge: boolean;
  readonly columns: number;
  readonly rows: number;
  readonly notice?: string | undefined;
}

/** One failure: what happened, what was expected, and the world at any step of it. Always as high as `rows`. */
export function FailureView(props: FailureViewProps): ReactNode {
  const { failure, replay, at, isStateLarge, columns, rows, notice } = props;
  const { file } = failure;
  const story = useMemo(() => (file === undefined ? [] : storyOf(file)), [file]);
  const states = typeof replay === 'string' ? undefined : replay.states;
  const state = useMemo(() => states && stateAt(states, at), [states, at]);
  const frame = states?.frames[at];
  const step = frame?.step ?? states?.baseStep ?? Infinity;
  const detail = isStateLarge ? [] : detailLines(failure, columns);
  const commands = isStateLarge ? [] : commandLines(failure, columns);
  const heights = failureHeights(rows, detail.length, commands.length, isStateLarge);
  return (
    <Box flexDirection="column" height={rows}>
      <Title failure={failure} />
      {detail.slice(0, heights.detail)}
      {heights.story > 0 && (
        <StoryPanel
          story={story}
          chosen={indexAt(story, step)}
          title={storyTitle(failure)}
          columns={columns}
          height={heights.story}
        />
      )}
      {heights.state > 0 && (
        <>
          <ScrubRule states={states} at={at} steps={stepsOf(failure)} columns={columns} />
          {state === undefined ? (
            <Box height={heights.state + 1} flexShrink={0}>
              <Text dimColor>{` ${missing(failure, replay)}`}</Text>
            </Box>
          ) : (
            <StatePanels
              state={state}
              frame={frame}
              timeMicros={frame?.timeMicros ?? states?.baseMicros ?? 0}
              columns={columns}
              height={heights.state}
            />
          )}
        </>
      )}
      <Box flexGrow={1} />
      {commands.slice(0, heights.commands)}
      <KeyLine hints={hintsOf(isStateLarge)} notice={notice} />
    </Box>
  );
}

function Title({ failure: { record } }: { readonly failure: Failure }): ReactNode {
  return (
    <Row>
      <Cell>
        <Text color="red" bold>{` ✗ ${record.arena} > ${record.property ?? 'simulator'}`}</Text>
      </Cell>
      <Box flexShrink={1} marginX={1}>
        <Text dimColor wrap="truncate-end">
          {`${record.scenario} · ${record.strategy} · seed ${record.seed}`}
        </Text>
      </Box>
    </Row>
  );
}

/** Wide enough for what was expected and what there was side by side. */
const sideBySideMin = 120;

function detailLines({ file }: Failure, columns: number): ReactNode[] {
  const failure = file?.minimized?.failure ?? file?.failure;
  if (failure === undefined || failure === null) return [];
  const message = (
    <Row key="message">
      <Cell>{`   ${failure.message}`}</Cell>
    </Row>
  );
  if (failure.expected === undefined) return [message];
  const expected = <Text color="green">{`   - expected  ${failure.expected}`}</Text>;
  const actual = <Text color="red">{`   + actual    ${failure.actual ?? ''}`}</Text>;
  if (columns >= sideBySideMin) {
    return [
      message,
      <Row key="both">
        <Cell>{expected}</Cell>
        <Cell>{actual}</Cell>
      </Row>,
    ];
  }
  return [
    message,
    <Row key="expected">
      <Cell>{expected}</Cell>
    </Row>,
    <Row key="actual">
      <Cell>{actual}</Cell>
    </Row>,
  ];
}

/** What to type next: as few lines as hold it. */
function commandLines({ commands }: Failure, columns: number): ReactNode[] {
  if (commands === undefined) return [];
  const { replay, keep, open } = commands;
  const texts = [
    `Replay  ${replay}`,
    ...(keep === undefined ? [] : [`Keep  ${keep}`]),
    ...(open === undefined ? [] : [`Open  ${open}`]),
  ];
  const lines: string[] = [];
  for (const text of texts) {
    const joined = `${lines.at(-1) ?? ''}   ${text}`;
    if (lines.length > 0 && joined.length < columns) lines[lines.length - 1] = joined;
    else lines.push(` ${text}`);
  }
  return lines.map((line) => (
    <Row key={line}>
      <Text wrap="truncate-end">{line}</Text>
    </Row>
  ));
}

interface FailureHeights {
  readonly detail: number;
  /** With its title. */
  readonly story: number;
  /** Without the line above it and the one of the clocks. */
  readonly state: number;
  readonly commands: number;
}

/** The state has 3 lines at least, the story what is left; on a low screen first the commands go, then the story. */
function failureHeights(
  rows: number,
  detail: number,
  commands: number,
  isStateLarge: boolean,
): FailureHeights {
  const titleAndKeys = 2;
  if (isStateLarge) return { detail: 0, story: 0, state: Math.max(0, rows - titleAndKeys - 2), commands: 0 };
  const free = rows - titleAndKeys - detail;
  const shownCommands = free - commands >= 10 ? commands : 0;
  const state = free - shownCommands >= 9 ? 3 : free - shownCommands >= 7 ? 2 : 0;
  const story = free - shownCommands - (state > 0 ? state + 2 : 0);
  return {
    detail: Math.min(detail, rows - titleAndKeys),
    story: Math.max(0, story),
    state,
    commands: shownCommands,
  };
}

function storyTitle({ file, stage, progress }: Failure): string {
  if (file === undefined) return 'being played again';
  const { minimized } = file;
  if (minimized !== undefined) {
    return `${grouped(minimized.sizeBefore.steps)} steps minimized to ${grouped(minimized.story.length)}`;
  }
  if (stage !== 'minimizing') return `what happened in ${grouped(file.record.steps)} steps`;
  const now = progress === undefined ? '' : ` ${grouped(progress.stepsBefore)}→${grouped(progress.steps)}`;
  return `what happened; minimizing${now}`;
}

function stepsOf({ file, record }: Failure): number {
  return file?.minimized?.record.steps ?? record.steps;
}

function missing({ file }: Failure, replay: ReplayStatus): string {
  if (file === undefined) return 'This run is being played again to be recorded.';
  if (replay === 'gone') return 'The code does not play this run any more: there are no states to show.';
  return 'Playing it again, step by step ...';
}

function hintsOf(isStateLarge: boolean): KeyHint[] {
  return [
    { key: '←→', does: 'step' },
    { key: '↑↓', does: 'event' },
    { key: 'home end pgup pgdn', does: 'far' },
    { key: 'tab', does: isStateLarge ? 'story' : 'state' },
    { key: 'esc', does: 'back' },
    { key: '?', does: 'help' },
  ];
}
