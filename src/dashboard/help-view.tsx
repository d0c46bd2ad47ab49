import { Box, Text } from 'ink';
import type { ReactNode } from 'react';
import { KeyLine } from './key-line.tsx';
import { Cell, Row, Rule } from './rows.tsx';

const campaignKeys = [
  ['q, Ctrl-C', 'begin no more runs, finish the record, print it; again: at once'],
  ['p', 'pause: runs under way end, no more begin; again: go on'],
  ['s', 'stop minimizing: keep the smallest run so far'],
  ['↑ ↓, enter', 'choose a failure, and open it'],
] as const;

const failureKeys = [
  ['← →', 'one step of the replay back or forth'],
  ['↑ ↓', 'to the event before or after'],
  ['pgup pgdn', 'ten steps'],
  ['home end', 'before the first step, after the last'],
  ['tab', 'disks and tasks at large, or the story again'],
  ['esc', 'back to the campaign'],
] as const;

/** What each key does. */
export function HelpView({ columns, rows }: { readonly columns: number; readonly rows: number }): ReactNode {
  const section = (title: string, keys: readonly (readonly [string, string])[]): ReactNode => (
    <>
      <Rule panels={[{ title, width: columns }]} />
      {keys.map(([key, does]) => (
        <Row key={key}>
          <Cell width={14}>
            <Text bold>{`   ${key}`}</Text>
          </Cell>
          <Cell>{does}</Cell>
        </Row>
      ))}
    </>
  );
  return (
    <Box flexDirection="column" height={rows} overflow="hidden">
      {section('a campaign', campaignKeys)}
      {section('a failure', failureKeys)}
      <Box flexGrow={1} />
      <KeyLine hints={[{ key: 'esc', does: 'back' }]} />
    </Box>
  );
}
