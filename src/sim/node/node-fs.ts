import type { Ports } from '../../ports/index.ts';
import { nodeCallbacks } from './node-callbacks.ts';
import { NodePromises } from './node-promises.ts';

/**
 * A file system port in the shape of `node:fs`: `promises` stands for `node:fs/promises`, the other functions take
 * callbacks. For code that is given its file system, and for mocks of `node:fs`. Without functions that end in `Sync`
 * and without streams; there are no symbolic links; owners, modes and times of files are not kept.
 */
export type NodeFs = Readonly<Record<string, (...args: unknown[]) => void>> & {
  readonly promises: NodePromises;
};

export function nodeFs({ fs, entropy }: Pick<Ports, 'fs' | 'entropy'>): NodeFs {
  const promises = new NodePromises(fs, entropy);
  return { ...nodeCallbacks(promises), promises } as NodeFs;
}
