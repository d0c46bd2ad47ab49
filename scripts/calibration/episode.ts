import { createHash } from 'node:crypto';
import { Choices, type CrashMode, type CrashProfile, Disk, type Draws } from '../../src/sim/index.ts';
import { LedgerDatabase } from './database.ts';
import type { DiskVfs } from './disk-vfs.ts';
import { Host } from './host.ts';
import { type Finding, Ledger } from './ledger.ts';
import type { Mode } from './modes.ts';

export interface Episode {
  readonly seed: string;
  readonly mode: Mode;
  readonly profile: CrashProfile;
  /** The pattern of every power loss; without it each is drawn. */
  readonly lossMode?: CrashMode | undefined;
}

export interface EpisodeResult {
  /** The worst of what was found after any power loss. `malformed`: SQLite cannot read it, or finds it broken. */
  readonly finding: Finding | 'malformed';
  /** What SQLite or the ledger says about it. */
  readonly detail: string;
  /** What was going on at each power loss. */
  readonly powerLosses: readonly PowerLoss[];
  /** Of all that SQLite asked for, and of what each power loss left. */
  readonly digest: string;
}

export interface PowerLoss {
  readonly during: 'start' | 'change' | 'commit' | 'rollback' | 'nothing';
  /** The last call that reached the disk: `sync /ledger.db`. */
  readonly after: string;
}

const livesMax = 3;
const transactionsMax = 12;
/** About as many as a life of `transactionsMax` has. */
const changesMax = 256;

/**
 * Lets SQLite live on a simulated disk, through one to three power losses, some of them while it recovers from the
 * one before, and looks after each whether what it has committed is there and nothing else is.
 */
export function playEpisode(vfs: DiskVfs, episode: Episode): EpisodeResult {
  const { seed, mode, profile, lossMode } = episode;
  const choices = new Choices({ kind: 'seed', seed, record: false });
  const moments = choices.stream('fault', 'moments');
  const ledger = new Ledger(choices.stream('workload', 'ledger'));
  const digest = createHash('sha256');
  const lives = 1 + moments.choose(livesMax);
  let disk = new Disk();
  let finding: EpisodeResult['finding'] = 'held';
  let detail = '';
  const powerLosses: PowerLoss[] = [];

  for (let life = 0; life <= lives; life += 1) {
    const isLast = life === lives;
    const host = new Host({
      disk,
      profile,
      lossMode,
      changesUntilLoss: isLast ? Infinity : changesUntilLoss(moments, life),
      losesBefore: moments.choose(2) === 1,
      lossDraws: { at: (site) => choices.stream('fault', `${life} ${site}`) },
      entropy: choices.stream('workload', `${life} entropy`),
      lyingSync: mode.lyingSync && !isLast,
    });
    const lived = vfs.on(host, () => new Life(vfs, host, mode, ledger).live(isLast ? 0 : transactionsMax));
    if (lived.found !== undefined) ({ finding, detail } = lived.found);
    digest.update(`${host.digest()} ${finding}\n`);
    if (isFatal(finding)) return { finding, detail, powerLosses, digest: digest.digest('hex') };
    if (!isLast) {
      disk = host.losePower();
      powerLosses.push({ during: lived.during, after: host.lastCall });
    }
    digest.update(disk.digest());
  }
  return { finding, detail, powerLosses, digest: digest.digest('hex') };
}

/** The first power loss falls anywhere; of the later ones, every second one while SQLite still recovers. */
function changesUntilLoss(moments: Draws, life: number): number {
  const isEarly = life > 0 && moments.choose(2) === 1;
  return 1 + moments.choose(isEarly ? 8 : changesMax);
}

type Found = Pick<EpisodeResult, 'finding' | 'detail'>;

/** From a start to the end of the power or the work. */
class Life {
  readonly #vfs: DiskVfs;
  readonly #host: Host;
  readonly #mode: Mode;
  readonly #ledger: Ledger;
  #during: PowerLoss['during'] = 'start';

  constructor(vfs: DiskVfs, host: Host, mode: Mode, ledger: Ledger) {
    this.#vfs = vfs;
    this.#host = host;
    this.#mode = mode;
    this.#ledger = ledger;
  }

  /** Says what was found that did not hold, and what was going on when the power went. */
  live(transactions: number): { readonly found: Found | undefined; readonly during: PowerLoss['during'] } {
    let db: LedgerDatabase | undefined;
    let found: Found | undefined;
    try {
      db = new LedgerDatabase(this.#vfs.sqlite);
      db.configure(this.#mode);
      found = this.#examine(db);
      if (found === undefined || !isFatal(found.finding)) this.#work(db, transactions);
      this.#during = 'nothing';
    } catch (error) {
      if (!(error instanceof this.#vfs.sqlite.SQLite3Error)) throw error;
      if (!this.#host.hasLostPower) found = { finding: 'malformed', detail: error.message };
    } finally {
      db?.close();
    }
    return { found, during: this.#during };
  }

  #examine(db: LedgerDatabase): Found | undefined {
    const state = db.read();
    const integrity = db.checkIntegrity();
    if (integrity !== 'ok') return { finding: 'malformed', detail: integrity };
    const expected = this.#ledger.version;
    const finding = this.#ledger.settle(state);
    return finding === 'held'
      ? undefined
      : { finding, detail: `version ${state.version} stands where ${expected} was committed` };
  }

  #work(db: LedgerDatabase, transactions: number): void {
    const ledger = this.#ledger;
    if (ledger.isEmpty && transactions > 0) {
      this.#during = 'commit';
      ledger.beginTables();
      db.createTables();
      ledger.acknowledge();
    }
    for (let nth = 0; nth < transactions; nth += 1) {
      const transaction = ledger.draw();
      const isCommit = transaction.ending === 'COMMIT';
      this.#during = 'change';
      db.change(transaction);
      this.#during = isCommit ? 'commit' : 'rollback';
      if (isCommit) ledger.begin(transaction);
      db.end(transaction);
      if (isCommit) ledger.acknowledge();
    }
  }
}

function isFatal(finding: EpisodeResult['finding']): boolean {
  return finding !== 'held' && finding !== 'last-undone';
}
