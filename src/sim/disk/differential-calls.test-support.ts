import fc from 'fast-check';
import type { OpenFlags } from '../../ports/index.ts';

/** One call; paths are relative to the directory in which a sequence runs, handles are slots. */
export type Call =
  | { readonly call: 'open'; readonly slot: number; readonly path: string; readonly flags: OpenFlags }
  | { readonly call: 'close'; readonly slot: number }
  | { readonly call: 'read'; readonly slot: number; readonly position: number; readonly length: number }
  | {
      readonly call: 'write';
      readonly slot: number;
      readonly position: number;
      readonly length: number;
      readonly byte: number;
    }
  | { readonly call: 'truncate'; readonly slot: number; readonly length: number }
  | { readonly call: 'sync' | 'datasync' | 'fstat'; readonly slot: number }
  | { readonly call: 'rename'; readonly path: string; readonly to: string }
  | {
      readonly call: 'readdir' | 'mkdir' | 'mkdirRecursive' | 'unlink' | 'rmdir' | 'stat';
      readonly path: string;
    };

export const slotCount = 4;

const allFlags: readonly OpenFlags[] = ['r', 'r+', 'w', 'wx', 'w+', 'wx+', 'a', 'ax', 'a+', 'ax+'];

const slot = fc.nat({ max: slotCount - 1 });

/** Around the edges of bytes, sectors and pages. */
const position = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(0, 1, 511, 512, 513, 4095, 4096, 4097, 8192, 12_288) },
  { weight: 1, arbitrary: fc.nat({ max: 20_000 }) },
);

const length = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(0, 1, 7, 512, 4096, 5000, 9000) },
  { weight: 1, arbitrary: fc.nat({ max: 10_000 }) },
);

/** Few names, so that calls meet; most paths are plain, some are spelled in every odd way. */
const plainPath = fc.constantFrom('a', 'b', 'c', 'a/a', 'a/b', 'b/a', 'b/c', 'a/b/c', 'c/c');

const oddPath = fc
  .tuple(
    fc.constantFrom('a', 'b', 'a/b', './a', 'a/../b', 'a//b', 'b/./c', 'missing/a', 'n'.repeat(256)),
    fc.constantFrom('', '/', '/.', '/..', '//', '/../c', '/../../x'),
  )
  .map(([path, tail]) => (path.startsWith('a/..') && tail.includes('../..') ? path : `${path}${tail}`));

const path = fc.oneof(
  { weight: 12, arbitrary: plainPath },
  { weight: 3, arbitrary: oddPath },
  { weight: 1, arbitrary: fc.constantFrom('', '.', '..', '/') },
);

/** Sequences of calls on colliding paths and a few handles. */
export const calls: fc.Arbitrary<Call[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        call: fc.constant('open' as const),
        slot,
        path,
        flags: fc.constantFrom(...allFlags),
      }),
    },
    {
      weight: 5,
      arbitrary: fc.record({
        call: fc.constant('write' as const),
        slot,
        position,
        length,
        byte: fc.integer({ min: 1, max: 255 }),
      }),
    },
    { weight: 3, arbitrary: fc.record({ call: fc.constant('read' as const), slot, position, length }) },
    { weight: 2, arbitrary: fc.record({ call: fc.constant('truncate' as const), slot, length: position }) },
    { weight: 3, arbitrary: fc.record({ call: fc.constant('rename' as const), path, to: path }) },
    {
      weight: 2,
      arbitrary: fc.record({
        call: fc.constantFrom('sync' as const, 'datasync' as const, 'fstat' as const),
        slot,
      }),
    },
    { weight: 1, arbitrary: fc.record({ call: fc.constant('close' as const), slot }) },
    { weight: 3, arbitrary: fc.record({ call: fc.constant('mkdir' as const), path }) },
    {
      weight: 7,
      arbitrary: fc.record({
        call: fc.constantFrom(
          'mkdirRecursive' as const,
          'readdir' as const,
          'unlink' as const,
          'rmdir' as const,
          'stat' as const,
        ),
        path,
      }),
    },
  ),
  { maxLength: 40, size: 'max' },
);

/** The bytes of a write: no two places of one write alike. */
export function contentOf({ byte, length }: { readonly byte: number; readonly length: number }): Uint8Array {
  const bytes = new Uint8Array(Math.max(length, 1));
  for (let at = 0; at < bytes.length; at++) bytes[at] = (byte + at * 31) & 0xff;
  return bytes;
}
