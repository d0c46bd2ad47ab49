import { Box, Text } from 'ink';
import type { ReactNode } from 'react';
import { grouped } from '../report/index.ts';
import { CampaignHead } from './campaign-head.tsx';
import type { CampaignSnapshot, Failure, PropertyCount } from './campaign-model.ts';
import { campaignHeights } from './heights.ts';
import { KeyLine, type KeyHint } from './key-line.tsx';
import { Cell, Grid, Panels, Row, Rule } from './rows.tsx';
import { MarkerPanel, WorkerPanel } from './worker-panel.tsx';

export interface CampaignViewProps {
  readonly snapshot: CampaignSnapshot;
  /** Which failure is chosen, of those there are. */
  readonly chosen: number;
  readonly columns: number;
  readonly rows: number;
}

/** Narrower than this there is one panel instead of two. */
const twoPanelsMin = 60;
const faultCellWidth = 24;
const faultCellWidthNarrow = 18;

/** How a campaign is going. Always as high as `rows`. */
export function CampaignView({ snapshot, chosen, columns, rows }: CampaignViewProps): ReactNode {
  const heights = campaignHeights(rows);
  const isTwo = columns >= twoPanelsMin;
  const leftWidth = isTwo ? Math.floor(columns / 2) : columns;
  const rightWidth = columns - leftWidth - 2;
  const panels = (left: string, right: string): { title: string; width: number }[] =>
    isTwo
      ? [
          { title: left, width: leftWidth },
          { title: right, width: columns - leftWidth - 1 },
        ]
      : [{ title: left, width: columns }];
  return (
    <Box flexDirection="column" height={rows}>
      <CampaignHead snapshot={snapshot} columns={columns} />
      {heights.body > 0 && (
        <>
          <Rule panels={panels('properties', 'faults injected')} joint="┬" />
          <Panels
            height={heights.body}
            leftWidth={leftWidth}
            left={<Properties counts={snapshot.properties} height={heights.body} />}
            right={
              isTwo ? <Faults snapshot={snapshot} width={rightWidth} height={heights.body} /> : undefined
            }
          />
        </>
      )}
      {heights.workers > 0 && (
        <>
          <Rule panels={panels('workers', 'markers')} joint={heights.body > 0 ? '┼' : '┬'} />
          <Panels
            height={heights.workers}
            leftWidth={leftWidth}
            left={<WorkerPanel snapshot={snapshot} width={leftWidth} height={heights.workers} />}
            right={isTwo ? <MarkerPanel snapshot={snapshot} width={rightWidth} /> : undefined}
          />
        </>
      )}
      {heights.failures > 0 && (
        <>
          <Rule panels={panels('failures', '')} joint={heights.workers > 0 || heights.body > 0 ? '┴' : '─'} />
          <Failures failures={snapshot.failures} chosen={chosen} height={heights.failures} />
        </>
      )}
      <Box flexGrow={1} />
      <KeyLine hints={hintsOf(snapshot)} notice={noticeOf(snapshot)} />
    </Box>
  );
}

function Properties({
  counts,
  height,
}: {
  readonly counts: readonly PropertyCount[];
  readonly height: number;
}): ReactNode {
  const shown = counts.length <= height ? counts : counts.slice(0, height - 1);
  const rest = counts.slice(shown.length);
  const broken = rest.filter(({ violated }) => violated > 0).length;
  return (
    <>
      {shown.map(({ property, runs, violated }) => (
        <Row key={property}>
          <Cell width={2}>
            {violated > 0 ? <Text color="red">✗</Text> : <Text color="green">{runs > 0 ? '✓' : '·'}</Text>}
          </Cell>
          <Cell>{property}</Cell>
          <Box flexShrink={0} marginX={1}>
            {violated > 0 ? (
              <Text color="red">{`${grouped(violated)} / ${grouped(runs)}`}</Text>
            ) : (
              <Text dimColor={runs === 0}>{runs === 0 ? 'not yet' : `${grouped(runs)} held`}</Text>
            )}
          </Box>
        </Row>
      ))}
      {rest.length > 0 && (
        <Row>
          <Text
            dimColor
          >{`  and ${rest.length} more, ${broken === 0 ? 'all held' : `${broken} violated`}`}</Text>
        </Row>
      )}
    </>
  );
}

function Faults({
  snapshot: { faults, markersNeverReached: never },
  width,
  height,
}: {
  readonly snapshot: CampaignSnapshot;
  readonly width: number;
  readonly height: number;
}): ReactNode {
  const cellWidth = width >= 3 * faultCellWidth ? faultCellWidth : faultCellWidthNarrow;
  const room = Math.max(1, Math.floor(width / cellWidth)) * (height - 1);
  // The most frequent ones, each where its name puts it: so that nothing moves but the numbers.
  const most = faults.toSorted((one, other) => other.count - one.count).slice(0, room);
  const shown = faults.length <= room ? faults : faults.filter((fault) => most.slice(0, -1).includes(fault));
  const cells = shown.map(({ name, count }) => (
    <Text key={name}>
      {shortened(name, cellWidth - grouped(count).length - 3)} <Text color="yellow">{grouped(count)}</Text>
    </Text>
  ));
  if (shown.length < faults.length) {
    cells.push(<Text key=" " dimColor>{`and ${faults.length - shown.length} more`}</Text>);
  }
  return (
    <>
      <Grid items={cells} width={width} cellWidth={cellWidth} height={height - 1} more={() => ''} />
      <Row>
        <Text dimColor wrap="truncate-end">
          {never.length === 0 ? 'every marker reached' : `never reached: ${never.join(', ')}`}
        </Text>
      </Row>
    </>
  );
}

function shortened(name: string, length: number): string {
  return name.length <= length ? name : `${name.slice(0, Math.max(1, length - 1))}…`;
}

function Failures({
  failures,
  chosen,
  height,
}: {
  readonly failures: readonly Failure[];
  readonly chosen: number;
  readonly height: number;
}): ReactNode {
  if (failures.length === 0) {
    return (
      <Box height={height} flexShrink={0}>
        <Text dimColor> none so far</Text>
      </Box>
    );
  }
  const first = Math.max(0, Math.min(chosen - height + 1, failures.length - height));
  return (
    <Box height={height} flexShrink={0} flexDirection="column">
      {failures.slice(first, first + height).map((failure, index) => {
        const isChosen = first + index === chosen;
        return (
          <Row key={failure.signature}>
            <Cell width={2}>{isChosen ? '▸' : ' '}</Cell>
            <Cell>
              <Text color="red" bold={isChosen}>
                {failure.signature}
              </Text>
            </Cell>
            <Box flexShrink={0} marginX={1}>
              <Text>{`${grouped(failure.runs)} ${failure.runs === 1 ? 'run' : 'runs'}`}</Text>
            </Box>
            <Box width={stageWidth} flexShrink={0} justifyContent="flex-end" marginRight={1}>
              <Text dimColor wrap="truncate-end">
                {stageText(failure)}
              </Text>
            </Box>
          </Row>
        );
      })}
    </Box>
  );
}

const stageWidth = 24;

function stageText({ stage, progress, file }: Failure): string {
  if (stage === 'found') return file === undefined ? 'to be recorded' : 'recorded';
  if (stage === 'minimizing') {
    return progress === undefined
      ? 'minimizing'
      : `minimizing ${grouped(progress.stepsBefore)}→${grouped(progress.steps)}`;
  }
  const minimized = file?.minimized;
  return minimized === undefined
    ? 'not minimized'
    : `${grouped(minimized.sizeBefore.steps)} steps → ${grouped(minimized.story.length)}`;
}

function hintsOf({ phase, failures }: CampaignSnapshot): KeyHint[] {
  const isMinimizing = failures.some(({ stage }) => stage === 'minimizing');
  return [
    { key: 'q', does: phase === 'stopping' ? 'quit at once' : 'quit' },
    ...(phase === 'playing' ? [{ key: 'p', does: 'pause' }] : []),
    ...(phase === 'paused' ? [{ key: 'p', does: 'go on' }] : []),
    ...(isMinimizing ? [{ key: 's', does: 'stop minimizing' }] : []),
    ...(failures.length > 1 ? [{ key: '↑↓', does: 'choose' }] : []),
    ...(failures.length > 0 ? [{ key: 'enter', does: 'open' }] : []),
    { key: '?', does: 'help' },
  ];
}

function noticeOf({ phase, workers }: CampaignSnapshot): string | undefined {
  const busy = workers.filter(({ run }) => run !== undefined).length;
  const runs = busy === 1 ? '1 run ends' : `${busy} runs end`;
  if (phase === 'paused') return busy === 0 ? 'paused' : `pausing: ${runs}`;
  if (phase === 'stopping') return busy === 0 ? 'finishing' : `finishing: ${runs}`;
  return phase === 'over' ? 'all played' : undefined;
}
