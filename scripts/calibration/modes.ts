/** One way to run SQLite, and what it promises. */
export interface Mode {
  readonly name: string;
  readonly journal: 'DELETE' | 'TRUNCATE' | 'PERSIST' | 'WAL' | 'MEMORY' | 'OFF';
  readonly synchronous: 'FULL' | 'EXTRA';
  readonly lyingSync: boolean;
  /**
   * `all`: what was committed stays. `all-but-last`: the last commit may be taken back as a whole. `nothing`: a
   * power loss may destroy the database.
   */
  readonly promises: 'all' | 'all-but-last' | 'nothing';
}

const sound = { synchronous: 'FULL', lyingSync: false, promises: 'all' } as const;
const broken = { synchronous: 'FULL', lyingSync: false, promises: 'nothing' } as const;

export const modes: readonly Mode[] = [
  // FULL does not sync the directory after the journal is gone; EXTRA exists in order to.
  { ...sound, name: 'DELETE', journal: 'DELETE', promises: 'all-but-last' },
  { ...sound, name: 'DELETE, synchronous EXTRA', journal: 'DELETE', synchronous: 'EXTRA' },
  { ...sound, name: 'TRUNCATE', journal: 'TRUNCATE' },
  { ...sound, name: 'PERSIST', journal: 'PERSIST' },
  { ...sound, name: 'WAL', journal: 'WAL' },
  { ...broken, name: 'MEMORY', journal: 'MEMORY' },
  { ...broken, name: 'OFF', journal: 'OFF' },
  { ...broken, name: 'DELETE, lying sync', journal: 'DELETE', lyingSync: true },
  { ...broken, name: 'WAL, lying sync', journal: 'WAL', lyingSync: true },
];
