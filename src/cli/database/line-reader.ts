import type { Interruption } from './interruption.ts';
import { isProblem, lineBytesMax, type LineProblem, readJsonLine } from './json-line.ts';
import type { LineKind } from './line-kind.ts';
import type { LineSource } from './line-source.ts';
import { linesOf } from './lines.ts';

/** A line with what it should hold, or with something else. */
export type ReadLine<T> =
  { readonly line: number; readonly content: T } | { readonly line: number; readonly problem: LineProblem };

/** The lines that hold anything, until the end or the interruption. */
export async function* readLines<T extends object>(
  source: LineSource,
  kind: LineKind<T>,
  interruption: Interruption,
): AsyncGenerator<ReadLine<T>> {
  const stream = source.open();
  const stop = interruption.onRequest(() => stream.destroy());
  try {
    for await (const line of linesOf(stream, lineBytesMax)) {
      if (interruption.isRequested) return;
      const read = readJsonLine(line, kind.noun, (json) => kind.parse(json));
      if (read === undefined) continue;
      yield isProblem(read) ? { line: line.number, problem: read } : { line: line.number, content: read };
    }
  } catch (error) {
    // That the stream ends early is what was asked for.
    if (!interruption.isRequested) throw error;
  } finally {
    stop();
    stream.destroy();
  }
}
