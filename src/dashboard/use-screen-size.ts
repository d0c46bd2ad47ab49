import { useStdout } from 'ink';
import { useEffect, useState } from 'react';
import { rowsFor } from './heights.ts';

export interface ScreenSize {
  /** The last column stays free: some terminals begin a new line there. */
  readonly columns: number;
  readonly rows: number;
}

/** What there is to draw on, also after the terminal has been resized. */
export function useScreenSize(): ScreenSize {
  const { stdout } = useStdout();
  const [size, setSize] = useState(() => sizeOf(stdout));
  useEffect(() => {
    const onResize = (): void => setSize(sizeOf(stdout));
    stdout.on('resize', onResize);
    onResize();
    return () => void stdout.off('resize', onResize);
  }, [stdout]);
  return size;
}

/** A terminal that does not tell its size is taken for 80 by 24. */
function sizeOf({
  columns = 80,
  rows = 24,
}: Partial<Pick<NodeJS.WriteStream, 'columns' | 'rows'>>): ScreenSize {
  return { columns: Math.max(20, columns - 1), rows: rowsFor(rows) };
}
