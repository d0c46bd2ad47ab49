/**
 * A change of one entry of one directory that no sync has made durable yet. `rename` makes two, or three
 * when it replaces: the target goes, the target comes, the source goes.
 */
export interface NameChange {
  /** When: the disk's count of changes; the changes of one call share it. */
  readonly sequence: number;
  /** Number of the directory. */
  readonly directory: number;
  readonly name: string;
  /** Number of the node that the entry named before and names after; `undefined`: no entry. */
  readonly before: number | undefined;
  readonly after: number | undefined;
  /**
   * Never survives without these, all older: a file that moves keeps a name by which it can be reached,
   * so its old name goes only with the new one, and with the names of the directories above that.
   */
  readonly requires: readonly NameChange[];
  /** The directory that `rmdir` took away: never survives without what emptied it. */
  readonly removes: number | undefined;
  /**
   * Part of the rename of a directory. Such a rename survives as a whole, and only with everything that
   * came before it: no file system in use lets a power loss turn its tree into a graph.
   */
  readonly barrier: boolean;
}

/**
 * The least set that contains every wanted change and is closed under what changes need: `requires`,
 * `removes`, `barrier`, and that an entry's newer value comes after its older ones. Any closed set is a
 * state that a disk without a journal may leave behind. In order of time, as `changes`.
 */
export function closure(
  changes: readonly NameChange[],
  wanted: (change: NameChange) => boolean,
): NameChange[] {
  if (changes.every(wanted)) return [...changes];
  const closed: NameChange[] = [];
  const required = new Set<NameChange>();
  const entries = new Set<string>();
  const emptied = new Set<number>();
  let allFromHere = false;

  // What a change needs lies before it, but for the parts of a barrier, which need each other.
  for (let end = changes.length; end > 0;) {
    const start = groupStart(changes, end);
    const group = changes.slice(start, end);
    const joins = (change: NameChange): boolean =>
      allFromHere ||
      required.has(change) ||
      entries.has(entryOf(change)) ||
      emptied.has(change.directory) ||
      wanted(change);
    if (group[0]?.barrier === true && group.some(joins)) allFromHere = true;
    for (const change of group.reverse()) {
      if (!joins(change)) continue;
      closed.push(change);
      entries.add(entryOf(change));
      for (const older of change.requires) required.add(older);
      if (change.removes !== undefined) emptied.add(change.removes);
    }
    end = start;
  }
  return closed.reverse();
}

/** Names the entry that a change is about; equal for equal entries. */
export function entryOf(change: NameChange): string {
  return `${change.directory}/${change.name}`;
}

function groupStart(changes: readonly NameChange[], end: number): number {
  let start = end - 1;
  while (start > 0 && changes[start - 1]?.sequence === changes[end - 1]?.sequence) start -= 1;
  return start;
}
