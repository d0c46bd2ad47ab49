import { Box, Text } from 'ink';
import type { ReactNode } from 'react';
import type { ReplayStates, StateFrame, WorldState } from '../explore/index.ts';
import { grouped } from '../report/index.ts';
import { microsText } from './clock-text.ts';
import { Cell, Panels, Row } from './rows.tsx';
import {
  type FileLine,
  fileLines,
  machineTexts,
  shortPath,
  shortTask,
  type TaskLine,
  taskLines,
} from './state-text.ts';

/** Where in the replay one is, and what the step did. */
export function ScrubRule({
  states,
  at,
  steps,
  columns,
}: {
  readonly states: ReplayStates | undefined;
  /** Frame; -1 is before the first. */
  readonly at: number;
  /** Of the whole run. */
  readonly steps: number;
  readonly columns: number;
}): ReactNode {
  if (states === undefined) {
    return (
      <Row>
        <Text dimColor>{'─'.repeat(columns)}</Text>
      </Row>
    );
  }
  const { frames, baseStep, baseMicros } = states;
  const frame = frames[at];
  const where = `step ${grouped(frame?.step ?? baseStep)} of ${grouped(steps)}`;
  const barWidth = Math.max(8, Math.floor(columns / 5));
  const done = Math.round(((at + 1) / Math.max(1, frames.length)) * (barWidth - 1));
  return (
    <Row>
      <Box flexShrink={0}>
        <Text>
          <Text dimColor>─ </Text>
          <Text bold>{`${where.padEnd(18)} `}</Text>
          <Text>{`${microsText(frame?.timeMicros ?? baseMicros).padEnd(9)} `}</Text>
          <Text dimColor>├</Text>
          <Text color="cyan">{`${'─'.repeat(done)}●`}</Text>
          <Text dimColor>{`${'─'.repeat(barWidth - 1 - done)}┤ `}</Text>
        </Text>
      </Box>
      <Cell>
        {frame === undefined ? (
          <Text dimColor>{baseStep === 0 ? 'before the first step' : 'what was before is left out'}</Text>
        ) : (
          <Text {...(frame.operation === 'fault' ? { color: 'yellow' } : {})}>{whatItDid(frame)}</Text>
        )}
      </Cell>
    </Row>
  );
}

function whatItDid({ task, operation, resource }: StateFrame): string {
  if (operation === 'fault') return `fault: ${resource}`;
  return `${shortTask(task)}: ${operation === 'wake' ? 'goes on,' : operation} ${shortPath(resource)}`.trimEnd();
}

/** What is on the disks, what every task waits for, and what the clocks show. One line higher than `height`. */
export function StatePanels({
  state,
  frame,
  timeMicros,
  columns,
  height,
}: {
  readonly state: WorldState;
  /** The step that led there. */
  readonly frame: StateFrame | undefined;
  readonly timeMicros: number;
  readonly columns: number;
  readonly height: number;
}): ReactNode {
  const isTwo = columns >= 60;
  const leftWidth = isTwo ? Math.floor(columns / 2) : columns;
  const files = fileLines(state, frame);
  const tasks = taskLines(state, frame);
  const isOneMachine = Object.keys(state.machines).length === 1;
  const right = (
    <Lines
      items={tasks}
      height={height}
      line={(task, index) => <TaskRow key={index} task={task} />}
      more={(left) => `  and ${left} more tasks`}
      none="no task is left"
    />
  );
  return (
    <>
      <Panels
        height={height}
        leftWidth={leftWidth}
        left={
          <Lines
            items={files}
            height={height}
            line={(file, index) => <FileRow key={index} file={file} isOneMachine={isOneMachine} />}
            more={(left) => `  and ${left} more files`}
            none="no file on any disk"
          />
        }
        right={isTwo ? right : undefined}
      />
      <Row>
        <Text wrap="truncate-end">
          <Text dimColor> clocks </Text>
          {machineTexts(state, timeMicros).join('   ')}
        </Text>
      </Row>
    </>
  );
}

function Lines<Item>({
  items,
  height,
  line,
  more,
  none,
}: {
  readonly items: readonly Item[];
  readonly height: number;
  line(item: Item, index: number): ReactNode;
  more(left: number): string;
  readonly none: string;
}): ReactNode {
  if (items.length === 0) return <Text dimColor>{`  ${none}`}</Text>;
  const shown = items.length <= height ? items : items.slice(0, height - 1);
  const left = items.length - shown.length;
  return (
    <>
      {shown.map(line)}
      {left > 0 && (
        <Row>
          <Text dimColor>{more(left)}</Text>
        </Row>
      )}
    </>
  );
}

function FileRow({
  file,
  isOneMachine,
}: {
  readonly file: FileLine;
  readonly isOneMachine: boolean;
}): ReactNode {
  const { machine, path, durableBytes, unsyncedBytes, remarks, isChanged } = file;
  const shown = isOneMachine ? shortPath(path) : `${machine} ${shortPath(path)}`;
  return (
    <Row>
      <Cell width={2}>{isChanged ? <Text color="cyan">•</Text> : ' '}</Cell>
      <Box flexGrow={1} flexShrink={1} flexBasis={0} overflow="hidden">
        <Text wrap="truncate-middle">{shown}</Text>
      </Box>
      <Box flexShrink={0} marginX={1}>
        <Text>
          {`${grouped(durableBytes)} B`}
          {unsyncedBytes > 0 && <Text color="yellow">{` + ${grouped(unsyncedBytes)} unsynced`}</Text>}
          {remarks.length > 0 && <Text color="yellow">{` ${remarks.join(', ')}`}</Text>}
        </Text>
      </Box>
    </Row>
  );
}

function TaskRow({ task: { task, state, on, isChanged } }: { readonly task: TaskLine }): ReactNode {
  return (
    <Row>
      <Cell width={2}>{isChanged ? <Text color="cyan">•</Text> : ' '}</Cell>
      <Cell>
        {task} <Text {...(state === 'ready' ? { color: 'green' } : { dimColor: true })}>{state}</Text>
        <Text dimColor>{` ${shortPath(on)}`}</Text>
      </Cell>
    </Row>
  );
}
