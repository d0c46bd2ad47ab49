import type { Intercept } from '../disk/index.ts';

/** Calls `look` right before and right after each sync of a file or directory takes effect, or fails to. */
export function watchingSyncs(look: () => void, inner: Intercept | undefined): Intercept {
  return (call, effect) => {
    const meet = (): ReturnType<typeof effect> => (inner === undefined ? effect() : inner(call, effect));
    if (call.operation !== 'fsync' && call.operation !== 'fdatasync') return meet();
    look();
    try {
      return meet();
    } finally {
      look();
    }
  };
}
