import { describe, expect, it } from 'vitest';
import { Progress } from './progress.ts';

/** What is written in a minute of two runs a second, of which the first fails. */
function minute(isTTY: boolean): readonly string[] {
  const written: string[] = [];
  let nowMs = 0;
  const write = (text: string): boolean => written.push(text) > 0;
  const progress = new Progress({ isTTY, write } as NodeJS.WriteStream, 200, () => nowMs);
  for (let run = 0; run < 120; run++) {
    nowMs += 500;
    progress.step(run > 0);
  }
  progress.end();
  return written;
}

describe('progress', () => {
  it('is a plain line now and then where there is no terminal', () => {
    expect(minute(false)).toEqual([
      ' 60 of 200 runs, 2 runs/s, 1 failed\n',
      ' 120 of 200 runs, 2 runs/s, 1 failed\n',
    ]);
  });

  it('is one line on a terminal, drawn again and cleared at the end', () => {
    const written = minute(true);
    expect(written).toHaveLength(121);
    expect(written.join('')).not.toContain('\n');
    expect(written.at(-1)).toBe('\r\u001B[K');
  });
});
