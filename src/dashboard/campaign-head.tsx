import { Box, Text } from 'ink';
import type { ReactNode } from 'react';
import { grouped } from '../report/index.ts';
import type { CampaignFacts, CampaignSnapshot } from './campaign-model.ts';
import { clockText, spanText } from './clock-text.ts';
import { Cell, Row } from './rows.tsx';

/** Two lines: what is played, and how far it is. */
export function CampaignHead({
  snapshot,
  columns,
}: {
  readonly snapshot: CampaignSnapshot;
  readonly columns: number;
}): ReactNode {
  const { facts, elapsedMs, runs, runsPerSecond, virtualMs, failures, phase } = snapshot;
  const time = clockText(elapsedMs) + (facts.msMax === Infinity ? '' : ` / ${clockText(facts.msMax)}`);
  const total = facts.runs === Infinity ? ' runs' : `/${grouped(facts.runs)}`;
  const barWidth = Math.max(8, Math.floor(columns / 3));
  const share = Math.min(1, Math.max(runs / facts.runs, elapsedMs / facts.msMax));
  const filled = Math.round(share * barWidth);
  return (
    <>
      <Row>
        <Cell>
          <Text bold> stemedb-sim</Text> {whatIsPlayed(facts)}
        </Cell>
        <Box flexShrink={0} marginRight={1} marginLeft={2}>
          <Text>
            seed {facts.seed} {time}
          </Text>
        </Box>
      </Row>
      <Row>
        <Box flexShrink={0} marginLeft={1} marginRight={2}>
          <Text color={phase === 'paused' ? 'yellow' : 'cyan'}>{'█'.repeat(filled)}</Text>
          <Text dimColor>{'░'.repeat(barWidth - filled)}</Text>
        </Box>
        <Cell>{`${grouped(runs)}${total}   ${rateText(runsPerSecond)}   virtual ${spanText(virtualMs)}`}</Cell>
        <Box flexShrink={0} marginX={1}>
          {failures.length === 0 ? (
            <Text color="green">no failure</Text>
          ) : (
            <Text
              color="red"
              bold
            >{`✗ ${failures.length} ${failures.length === 1 ? 'failure' : 'failures'}`}</Text>
          )}
        </Box>
      </Row>
    </>
  );
}

function rateText(perSecond: number): string {
  return `${perSecond < 10 ? perSecond.toFixed(1) : grouped(perSecond)} runs/s`;
}

/** `arenas 0-3 × 8 scenarios`, `arena-0-spine × torn-writes`. */
export function whatIsPlayed({ arenas, scenarios }: CampaignFacts): string {
  const names = arenas.map(({ name }) => name);
  const scenarioText = scenarios.length === 1 ? scenarios[0]! : `${scenarios.length} scenarios`;
  return `${arenaText(names)} × ${scenarioText}`;
}

function arenaText(names: readonly string[]): string {
  if (names.length === 1) return names[0]!;
  const numbers = names.map((name) => /^arena-(\d+)-/.exec(name)?.[1]).filter((text) => text !== undefined);
  if (numbers.length < names.length) return `${names.length} arenas`;
  const [first = 0, ...others] = numbers.map(Number);
  const isRow = others.every((number, index) => number === first + index + 1);
  return isRow ? `arenas ${first}-${first + others.length}` : `arenas ${numbers.join(', ')}`;
}
