import { Box, Text } from 'ink';
import type { ReactNode } from 'react';

/** One line of the screen, never two. */
export function Row({ children }: { readonly children?: ReactNode }): ReactNode {
  return (
    <Box height={1} flexShrink={0} overflow="hidden">
      {children}
    </Box>
  );
}

/** Text that is cut where its place ends; takes what is left of the line when it has no width. */
export function Cell({
  width,
  children,
}: {
  readonly width?: number;
  readonly children: ReactNode;
}): ReactNode {
  const size = width === undefined ? { flexGrow: 1, flexShrink: 1, flexBasis: 0 } : { width, flexShrink: 0 };
  return (
    <Box {...size} overflow="hidden">
      <Text wrap="truncate-end">{children}</Text>
    </Box>
  );
}

/** `─ properties ─────┬─ faults ───`: a title for each panel, over its whole width. */
export function Rule({
  panels,
  joint = '─',
}: {
  readonly panels: readonly { readonly title: string; readonly width: number }[];
  readonly joint?: string;
}): ReactNode {
  const parts = panels.map(({ title, width }) => {
    const head = title === '' ? '' : `─ ${title} `;
    return head.slice(0, Math.max(0, width)).padEnd(Math.max(0, width), '─');
  });
  return (
    <Row>
      <Text dimColor wrap="truncate-end">
        {parts.join(joint)}
      </Text>
    </Row>
  );
}

/** Two panels beside each other, of so many lines. */
export function Panels({
  height,
  leftWidth,
  left,
  right,
}: {
  readonly height: number;
  readonly leftWidth: number;
  readonly left: ReactNode;
  /** `undefined` where there is no room for it. */
  readonly right: ReactNode | undefined;
}): ReactNode {
  const bars = Array.from({ length: height }, () => '│').join('\n');
  return (
    <Box height={height} flexShrink={0} overflow="hidden">
      <Box width={leftWidth} flexShrink={0} flexDirection="column" overflow="hidden">
        {left}
      </Box>
      {right !== undefined && (
        <>
          <Box width={2} flexShrink={0}>
            <Text dimColor>{bars}</Text>
          </Box>
          <Box flexGrow={1} flexBasis={0} flexDirection="column" overflow="hidden">
            {right}
          </Box>
        </>
      )}
    </Box>
  );
}

/** Items side by side, line by line, so many as fit; `more` says how many do not. */
export function Grid({
  items,
  width,
  cellWidth,
  height,
  more,
}: {
  readonly items: readonly ReactNode[];
  readonly width: number;
  readonly cellWidth: number;
  readonly height: number;
  more(left: number): string;
}): ReactNode {
  const perRow = Math.max(1, Math.floor(width / cellWidth));
  const room = perRow * height;
  const shown = items.length <= room ? items : items.slice(0, room - 1);
  const cells: ReactNode[] = [...shown];
  if (shown.length < items.length) {
    cells.push(
      <Text key="more" dimColor>
        {more(items.length - shown.length)}
      </Text>,
    );
  }
  return Array.from({ length: height }, (_, row) => (
    <Row key={row}>
      {cells.slice(row * perRow, (row + 1) * perRow).map((cell, index) => (
        <Cell key={index} width={cellWidth}>
          {cell}
        </Cell>
      ))}
    </Row>
  ));
}
