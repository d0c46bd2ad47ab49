import type { DrawSource } from '../../choices/draws.ts';
import { type DiskState, pathOf } from '../disk-state.ts';
import { closure, entryOf, type NameChange } from '../name-change.ts';
import type { CrashProfile } from './profiles.ts';
import { siteOf, type Survival } from './timeline.ts';

/** Which changes of names a power loss lets survive. */
export interface SurvivingNames {
  readonly changes: ReadonlySet<NameChange>;

  /** With a journal: truncations up to here survive as well, and no later one does. */
  readonly journalThrough: number | undefined;

  /** Whether the renames that happened at `sequence` survive. */
  hasCommitted(sequence: number): boolean;
}

export function decideNames(
  state: DiskState,
  profile: CrashProfile,
  survival: Survival,
  draws: DrawSource,
): SurvivingNames {
  switch (profile.names) {
    case 'all':
      return { changes: new Set(state.nameChanges), journalThrough: undefined, hasCommitted: () => true };
    case 'journal':
      return throughJournal(state, survival, draws);
    case 'any':
      return inAnyOrder(state, survival, draws);
  }
}

function throughJournal(state: DiskState, survival: Survival, draws: DrawSource): SurvivingNames {
  const sequences = journalled(state);
  const committed = sequences.findLastIndex((sequence) => sequence <= state.committedThrough) + 1;
  const { version } = survival.fate({
    kind: 'name',
    group: 'journal',
    draws: draws.at(siteOf('journal')),
    sequences,
    earliest: committed,
    latest: sequences.length,
    sector: -1,
    mayTear: false,
  });
  const through = version === sequences.length ? Infinity : (sequences[version] ?? 0) - 1;
  return {
    changes: new Set(state.nameChanges.filter(({ sequence }) => sequence <= through)),
    journalThrough: through,
    hasCommitted: (sequence) => sequence <= through,
  };
}

/** When the transactions of the journal happened: the changes of names, and the truncations. */
function journalled(state: DiskState): number[] {
  const sequences = new Set(state.nameChanges.map(({ sequence }) => sequence));
  for (const node of state.nodes.values()) {
    if (node.kind === 'directory') continue;
    for (const change of node.changes) if (change.kind === 'resize') sequences.add(change.sequence);
  }
  return [...sequences].sort((one, other) => one - other);
}

function inAnyOrder(state: DiskState, survival: Survival, draws: DrawSource): SurvivingNames {
  const entries = new Map<string, NameChange[]>();
  for (const change of state.nameChanges) {
    const changes = entries.get(entryOf(change));
    if (changes === undefined) entries.set(entryOf(change), [change]);
    else changes.push(change);
  }
  const wanted = new Set<NameChange>();
  for (const changes of entries.values()) {
    const directory = state.nodes.get(changes[0]?.directory ?? 0);
    const group = directory === undefined ? '' : pathOf(state, directory);
    const { version } = survival.fate({
      kind: 'name',
      group,
      draws: draws.at(siteOf(group)),
      sequences: changes.map(({ sequence }) => sequence),
      earliest: 0,
      latest: changes.length,
      sector: -1,
      mayTear: false,
    });
    const newest = changes[version - 1];
    if (newest !== undefined) wanted.add(newest);
  }
  const changes = new Set(closure(state.nameChanges, (change) => wanted.has(change)));
  const lost = new Set(
    state.nameChanges.filter((change) => !changes.has(change)).map(({ sequence }) => sequence),
  );
  return {
    changes,
    journalThrough: undefined,
    hasCommitted: (sequence) => !lost.has(sequence),
  };
}
