import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What Node takes for a path. A relative one starts at `/`: a simulated process has no other folder. */
export type NodePath = string | URL | Uint8Array;

export function plainPath(path: NodePath): string {
  if (typeof path === 'string') return posix.resolve('/', path);
  return posix.resolve('/', path instanceof URL ? fileURLToPath(path) : Buffer.from(path).toString());
}
