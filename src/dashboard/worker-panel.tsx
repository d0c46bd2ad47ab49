import { Text } from 'ink';
import type { ReactNode } from 'react';
import { grouped } from '../report/index.ts';
import type { CampaignSnapshot } from './campaign-model.ts';
import { clockText } from './clock-text.ts';
import { Grid, Row } from './rows.tsx';
import { cumulative, sparkline } from './sparkline.ts';

const workerWidth = 32;

/** What each thread is at. */
export function WorkerPanel({
  snapshot: { workers, failures, phase },
  width,
  height,
}: {
  readonly snapshot: CampaignSnapshot;
  readonly width: number;
  readonly height: number;
}): ReactNode {
  const idle = phase === 'playing' ? 'begins' : 'waits';
  const cells = workers.map(({ run, steps }, index) => (
    <Text key={index}>
      {` ${index + 1} `}
      {run === undefined ? <Text dimColor>{idle}</Text> : `run ${grouped(run)} step ${grouped(steps)}`}
    </Text>
  ));
  const progress = failures.find(({ stage }) => stage === 'minimizing')?.progress;
  if (progress !== undefined) {
    const { stepsBefore, steps, tries } = progress;
    const text = ` m minimizing ${grouped(stepsBefore)}→${grouped(steps)}, try ${grouped(tries)}`;
    // First, for it would be the first to find no room.
    cells.unshift(
      <Text key="minimizing" color="cyan">
        {text}
      </Text>,
    );
  }
  const more = (left: number): string => ` and ${left} more`;
  return <Grid items={cells} width={width} cellWidth={workerWidth} height={height} more={more} />;
}

/** How the number of markers that some run has reached has grown. */
export function MarkerPanel({
  snapshot: { markerTimesMs, elapsedMs, facts, markersNeverReached },
  width,
}: {
  readonly snapshot: CampaignSnapshot;
  readonly width: number;
}): ReactNode {
  const curve = cumulative(markerTimesMs, elapsedMs, Math.max(8, Math.min(60, width - 24)));
  const sinceMs = sinceWhen(elapsedMs);
  const fresh = markerTimesMs.filter((ms) => ms >= sinceMs).length;
  const expected = facts.markers.length;
  const never = markersNeverReached.length;
  return (
    <>
      <Row>
        <Text wrap="truncate-end">
          <Text color="cyan">{sparkline(curve)}</Text>
          {` ${grouped(fresh)} new since ${clockText(sinceMs)}`}
        </Text>
      </Row>
      <Row>
        <Text dimColor wrap="truncate-end">
          {`${grouped(markerTimesMs.length)} reached, ${never === 0 ? 'all' : `all but ${grouped(never)}`} of the ${grouped(expected)} expected`}
        </Text>
      </Row>
    </>
  );
}

/** The last full minute that is at least half a minute ago. */
function sinceWhen(elapsedMs: number): number {
  return Math.max(0, Math.floor((elapsedMs - 30_000) / 60_000) * 60_000);
}
