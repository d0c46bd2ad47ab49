import { Text } from 'ink';
import { type ReactNode, useMemo } from 'react';
import type { StoryStep } from '../explore/index.ts';
import { microsText } from './clock-text.ts';
import { type LaneMark, lanesOf, laneShort, laneSigns } from './lanes.ts';
import { Cell, Row } from './rows.tsx';

const wideMin = 120;

/** The steps of a story in plain words, and beside them a column for everybody who takes part. */
export function StoryPanel({
  story,
  chosen,
  title,
  columns,
  height,
}: {
  readonly story: readonly StoryStep[];
  /** The step that the replay has come to. */
  readonly chosen: number;
  readonly title: string;
  readonly columns: number;
  /** With its title. */
  readonly height: number;
}): ReactNode {
  const isWide = columns >= wideMin;
  const lanesMax = isWide ? 8 : columns >= 70 ? 5 : 0;
  const lanes = useMemo(() => lanesOf(story, lanesMax), [story, lanesMax]);
  const laneWidth = isWide ? 10 : 3;
  const lanesWidth = lanes.names.length * laneWidth;
  const room = height - 1;
  // The chosen step in the middle, so that one sees where it comes from and where it leads to.
  const first = Math.max(0, Math.min(chosen - Math.floor(room / 2), story.length - room));
  return (
    <>
      <Row>
        <Cell>
          <Text dimColor>{`─ ${title} `.padEnd(Math.max(0, columns - lanesWidth - 1), '─')}</Text>
        </Cell>
        <Cell width={1}>
          <Text dimColor>─</Text>
        </Cell>
        {lanes.names.map((name) => (
          <Cell key={name} width={laneWidth}>
            <Text dimColor>
              {(isWide ? name : laneShort(name)).slice(0, laneWidth).padEnd(laneWidth, '─')}
            </Text>
          </Cell>
        ))}
      </Row>
      {Array.from({ length: room }, (_, row) => {
        const index = first + row;
        const step = story[index];
        if (step === undefined) return <Row key={row} />;
        return (
          <Row key={row}>
            <StoryLine step={step} number={index + 1} isChosen={index === chosen} />
            <Cell width={1}> </Cell>
            {(lanes.marks[index] ?? []).map((mark, lane) => (
              <Cell key={lane} width={laneWidth}>
                <LaneSign mark={mark} />
              </Cell>
            ))}
          </Row>
        );
      })}
    </>
  );
}

function StoryLine({
  step: { timeMicros, who, text, mark },
  number,
  isChosen,
}: {
  readonly step: StoryStep;
  readonly number: number;
  readonly isChosen: boolean;
}): ReactNode {
  const color = mark === 'promise broken' ? { color: 'red' } : who === 'fault' ? { color: 'yellow' } : {};
  return (
    <>
      <Cell width={2}>{isChosen ? '▸' : ' '}</Cell>
      <Cell width={5}>
        <Text dimColor>{String(number).padStart(3)}</Text>
      </Cell>
      <Cell width={9}>
        <Text dimColor>{microsText(timeMicros)}</Text>
      </Cell>
      <Cell width={9}>
        <Text {...color} bold={isChosen}>
          {who}
        </Text>
      </Cell>
      <Cell>
        <Text {...color} bold={isChosen}>
          {text}
        </Text>
      </Cell>
      {mark !== null && (
        <Cell width={mark.length + 5}>
          <Text {...color}>{` <- ${mark}`}</Text>
        </Cell>
      )}
    </>
  );
}

const markColors: Readonly<Record<LaneMark, string | undefined>> = {
  idle: undefined,
  down: undefined,
  act: undefined,
  fault: 'yellow',
  promise: 'green',
  'promise broken': 'red',
};

function LaneSign({ mark }: { readonly mark: LaneMark }): ReactNode {
  const color = markColors[mark];
  return (
    <Text {...(color === undefined ? {} : { color })} dimColor={mark === 'idle' || mark === 'down'}>
      {laneSigns[mark]}
    </Text>
  );
}
