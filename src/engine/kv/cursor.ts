/** A key was deleted: it hides whatever older runs say of it. */
export const tombstone: unique symbol = Symbol('tombstone');

/** What one source says of a key: a value, that it was deleted, or nothing. */
export type Found = Uint8Array | typeof tombstone | undefined;

/** A place in a sorted source of entries. Keys ascend strictly. */
export interface Cursor {
  /** The key here; `undefined` at the end. Stays as it is also after `advance`; not to be changed. */
  readonly key: Uint8Array | undefined;

  /** The value here, of no meaning at the end. Stays as it is also after `advance`; not to be changed. */
  readonly value: Uint8Array | typeof tombstone;

  /**
   * Steps to the next entry. Returns a promise only when that needs the disk, so that a walk through
   * memory costs no turn of the event loop. A failed step leaves the cursor unusable.
   */
  advance(): Promise<void> | undefined;
}
