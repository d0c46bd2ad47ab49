import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { type Paper, Painter } from './painter.ts';
import { TerminalScreen } from './terminal-screen.ts';

function paper(): { readonly paper: Paper & EventEmitter; readonly written: string[] } {
  const written: string[] = [];
  const made = Object.assign(new EventEmitter(), {
    columns: 80,
    rows: 24,
    write: (text: string) => written.push(text) > 0,
  });
  return { paper: made as unknown as Paper & EventEmitter, written };
}

describe('Painter', () => {
  it('rewrites the lines that differ and no others', () => {
    const { paper: stream, written } = paper();
    const painter = new Painter(stream);
    painter.write('one\ntwo\nthree');
    painter.write('one\n2\nthree');
    painter.write('one\n2\nthree');
    expect(written).toHaveLength(2);
    expect(written[1]).toContain('\u001b[2;1H2');
    expect(written[1]).not.toContain('one');
    expect(written[1]).not.toContain('three');
  });

  it('draws all of it anew when the terminal is resized', () => {
    const { paper: stream, written } = paper();
    const painter = new Painter(stream);
    painter.write('one\ntwo');
    stream.emit('resize');
    expect(written.slice(1).join('')).toMatch(/\[2J.*one.*two/s);
    painter.close();
    expect(stream.listenerCount('resize')).toBe(0);
  });
});

describe('TerminalScreen', () => {
  for (const event of ['exit', 'uncaughtExceptionMonitor']) {
    it(`gives the terminal back, once, on ${event}`, () => {
      const { paper: output, written } = paper();
      const modes: boolean[] = [];
      const input = { isRaw: true, setRawMode: (isRaw: boolean) => modes.push(isRaw) };
      const process = new EventEmitter();
      const screen = new TerminalScreen(
        { output, input: input as unknown as NodeJS.ReadStream },
        () => written.push('unmounted'),
        process as unknown as NodeJS.Process,
      );
      screen.enter();
      process.emit(event);
      process.emit(event);
      expect(written.slice(1)).toEqual(['unmounted', '\u001b[?25h\u001b[?1049l']);
      expect(modes).toEqual([false]);
    });
  }
});
