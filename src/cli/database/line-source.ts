import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { UsageError } from '../usage-error.ts';

/** Where lines come from. */
export interface LineSource {
  /** As the user would say it. */
  readonly name: string;
  /** It can be read from the beginning as often as one likes: a file, not a pipe. */
  readonly isRepeatable: boolean;
  open(): Readable;
}

/** Its name on this machine, for which `-` is short. */
export const standardInput = '/dev/stdin';

/** Throws `UsageError` when there is nothing to read. */
export async function lineSource(file: string): Promise<LineSource> {
  if (file === standardInput) {
    return { name: 'standard input', isRepeatable: false, open: () => process.stdin };
  }
  const found = await stat(file).catch((error: unknown) => {
    if ((error as { code?: unknown }).code === 'ENOENT') throw new UsageError(`There is no file "${file}".`);
    throw error;
  });
  if (found.isDirectory()) throw new UsageError(`"${file}" is a directory; name a file of JSON lines.`);
  return { name: file, isRepeatable: found.isFile(), open: () => createReadStream(file) };
}
