import { Box, Text } from 'ink';
import type { ReactNode } from 'react';
import { Row } from './rows.tsx';

export interface KeyHint {
  readonly key: string;
  readonly does: string;
}

/** What can be pressed; at its end what is going on, if it must be said. */
export function KeyLine({
  hints,
  notice,
}: {
  readonly hints: readonly KeyHint[];
  readonly notice?: string | undefined;
}): ReactNode {
  return (
    <Row>
      <Box flexGrow={1} flexShrink={1} overflow="hidden">
        <Text wrap="truncate-end">
          {' '}
          {hints.map(({ key, does }) => (
            <Text key={key}>
              <Text bold>{key}</Text>
              <Text dimColor>{` ${does}   `}</Text>
            </Text>
          ))}
        </Text>
      </Box>
      {notice !== undefined && (
        <Box flexShrink={0} marginRight={1}>
          <Text color="yellow">{notice}</Text>
        </Box>
      )}
    </Row>
  );
}
