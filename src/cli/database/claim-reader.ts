import type { AssertionContent } from '../../engine/index.ts';
import { isProblem, lineBytesMax, type LineProblem, readClaim } from './claim-line.ts';
import type { ClaimSource } from './claim-source.ts';
import type { Interruption } from './interruption.ts';
import { linesOf } from './lines.ts';

/** A line with a claim, or with something else. */
export type ReadLine =
  | { readonly line: number; readonly content: AssertionContent }
  | { readonly line: number; readonly problem: LineProblem };

/** The lines that hold anything, until the end or the interruption. */
export async function* claimsOf(source: ClaimSource, interruption: Interruption): AsyncGenerator<ReadLine> {
  const stream = source.open();
  const stop = interruption.onRequest(() => stream.destroy());
  try {
    for await (const line of linesOf(stream, lineBytesMax)) {
      if (interruption.isRequested) return;
      const read = readClaim(line);
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
