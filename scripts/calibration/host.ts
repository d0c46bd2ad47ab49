import { createHash, type Hash } from 'node:crypto';
import {
  type CrashMode,
  type CrashProfile,
  type Disk,
  type Draws,
  type DrawSource,
} from '../../src/sim/index.ts';

export interface HostOptions {
  readonly disk: Disk;
  readonly profile: CrashProfile;
  /** The change of the disk, syncs included, at which the power goes: right before or right after it. `Infinity`: never. */
  readonly changesUntilLoss: number;
  readonly losesBefore: boolean;
  /** Says what the power loss leaves. */
  readonly lossDraws: DrawSource;
  /** The pattern of the loss; without it one is drawn. */
  readonly lossMode: CrashMode | undefined;
  /** What `sqlite3_randomness` is seeded with. */
  readonly entropy: Draws;
  /** Syncs say yes and do nothing. */
  readonly lyingSync: boolean;
}

/** The power is gone: nothing reaches the disk any more. */
export class PowerLostError extends Error {
  constructor() {
    super('The power is gone.');
  }
}

/**
 * The machine on which SQLite runs from one start to the next power loss: a disk, the moment at which the power
 * goes, and a digest of all that SQLite asked for.
 */
export class Host {
  readonly #options: HostOptions;
  readonly #asked: Hash = createHash('sha256');
  #changes = 0;
  #lastCall = '';
  #left: Disk | undefined;

  constructor(options: HostOptions) {
    this.#options = options;
  }

  /** The disk as readers see it. Throws `PowerLostError`. */
  get disk(): Disk {
    if (this.hasLostPower) throw new PowerLostError();
    return this.#options.disk;
  }

  get profile(): CrashProfile {
    return this.#options.profile;
  }

  get hasLostPower(): boolean {
    return this.#left !== undefined;
  }

  /** The last call that was noted. */
  get lastCall(): string {
    return this.#lastCall;
  }

  /** Notes one call in the digest. */
  note(call: string, data?: Uint8Array): void {
    this.#lastCall = call;
    this.#asked.update(`${call}\n`);
    if (data !== undefined) this.#asked.update(data);
  }

  /** Makes one change of the disk, unless the power goes right before it. Throws `PowerLostError`, also when it goes right after. */
  change(make: () => void): void {
    const { changesUntilLoss, losesBefore } = this.#options;
    this.#changes += 1;
    const isTheLast = this.#changes >= changesUntilLoss;
    if (!(isTheLast && losesBefore)) make();
    if (!isTheLast) return;
    this.losePower();
    throw new PowerLostError();
  }

  /** As `change`, for a sync: it changes nothing when syncs lie. */
  sync(sync: () => void): void {
    const { lyingSync } = this.#options;
    this.change(() => (lyingSync ? undefined : sync()));
  }

  /** Cuts the power now, if it is still there, and returns the disk that is left. */
  losePower(): Disk {
    const { disk, profile, lossDraws, lossMode } = this.#options;
    this.#left ??= disk.crashImage(profile, lossDraws, lossMode).disk;
    return this.#left;
  }

  fillRandomly(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += 1) bytes[at] = this.#options.entropy.choose(256);
  }

  /** Of all that was asked for. The host takes no further notes. */
  digest(): string {
    return this.#asked.digest('hex');
  }
}
