import type { Catalogue } from '../catalogue.ts';
import type { RunFile } from '../run-file.ts';
import { type MinimizeOptions, minimizeWith, playerFor } from './minimize.ts';
import { findPointOfNoReturn } from './point-of-no-return.ts';

/** The same file with the run minimized, and the point of no return found. Throws as `minimize` does. */
export async function minimizeRunFile(
  catalogue: Catalogue,
  file: RunFile,
  options: MinimizeOptions = {},
): Promise<RunFile> {
  const player = playerFor(catalogue, file, options);
  try {
    const minimized = await minimizeWith(player, file, options);
    const pointOfNoReturn = await findPointOfNoReturn(player, minimized, { stop: options.stop });
    return { ...file, minimized: { ...minimized, pointOfNoReturn } };
  } finally {
    await player.close();
  }
}
