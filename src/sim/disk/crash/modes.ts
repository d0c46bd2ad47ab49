import type { Draws, DrawSource } from '../../choices/draws.ts';
import { sectorSizeBytes } from '../page-table.ts';
import type { Fate, Growth, Survival, Timeline } from './timeline.ts';

/**
 * A pattern of loss. Bugs need different ones: independent coins never keep a whole file and lose
 * another, and of a thousand sectors they always lose some.
 */
export type CrashMode =
  /** Nothing is lost. */
  | 'keep-all'
  /** Everything is lost that may be. */
  | 'lose-all'
  /** What came before some moment survives; the write at that moment, in part. */
  | 'prefix'
  /** Each file, and each directory, keeps or loses everything. */
  | 'by-file'
  /** Names, sizes and data are each kept or lost everywhere. */
  | 'by-kind'
  /** One thing is lost or torn. */
  | 'single'
  /** A coin for each thing. */
  | 'independent'
  /** Every legal version of everything is as likely: for enumeration. */
  | 'free';

const modeSite = 'disk.crash';

/** What a drawn mode may be: 0 is the calmest, and what is listed twice is twice as likely. */
const menu: readonly CrashMode[] = [
  'keep-all',
  'prefix',
  'lose-all',
  'by-file',
  'by-kind',
  'single',
  'independent',
  'prefix',
  'single',
  'independent',
];

/** Draws at `disk.crash`. */
export function drawMode(draws: DrawSource): CrashMode {
  return menu[draws.at(modeSite).choose(menu.length)] ?? 'keep-all';
}

/** What is pending on the disk, as far as modes want to know before they begin. */
export interface PendingSummary {
  /** When the pending changes happened, ascending, each once. */
  readonly sequences: readonly number[];
  /** Where the write of that moment lies in its file, if it was one. */
  writeAt(sequence: number): { readonly start: number; readonly end: number } | undefined;
  /** At least as many as there will be timelines. */
  readonly timelinesMax: number;
}

export function survivalOf(mode: CrashMode, pending: PendingSummary, draws: DrawSource): Survival {
  switch (mode) {
    case 'keep-all':
      return new KeepAll();
    case 'lose-all':
      return new LoseAll();
    case 'prefix':
      return new Prefix(pending, draws);
    case 'by-file':
      return new ByFile();
    case 'by-kind':
      return new ByKind(draws);
    case 'single':
      return new Single(pending, draws);
    case 'independent':
      return new Independent(draws);
    case 'free':
      return new Free();
  }
}

class KeepAll implements Survival {
  fate(timeline: Timeline): Fate {
    return { version: timeline.latest, torn: false };
  }

  stepsMissing(_timeline: Timeline, _version: number, _growth: Growth): number {
    return 0;
  }
}

class LoseAll extends KeepAll {
  override fate(timeline: Timeline): Fate {
    return { version: timeline.earliest, torn: false };
  }
}

class Prefix extends KeepAll {
  /** All through this change survives. */
  readonly #through: number;
  readonly #partial: PartialWrite | undefined;

  constructor(pending: PendingSummary, draws: DrawSource) {
    super();
    const stream = draws.at(modeSite);
    const { sequences } = pending;
    const kept = sequences.length - stream.choose(sequences.length + 1);
    this.#through = kept === 0 ? -1 : (sequences[kept - 1] ?? -1);
    const sequence = sequences[kept];
    const write = sequence === undefined ? undefined : pending.writeAt(sequence);
    if (sequence === undefined || write === undefined) return;
    const first = Math.floor(write.start / sectorSizeBytes);
    const count = Math.ceil(write.end / sectorSizeBytes) - first;
    const missing = count - stream.choose(count);
    this.#partial = { sequence, boundary: first + count - missing, torn: stream.choose(2) === 1 };
  }

  override fate(timeline: Timeline): Fate {
    let version = timeline.earliest;
    while (version < timeline.latest && this.#survives(timeline, timeline.sequences[version] ?? 0)) {
      version += 1;
    }
    const partial = this.#partial;
    const torn =
      timeline.mayTear &&
      version > timeline.earliest &&
      timeline.sector === partial?.boundary &&
      timeline.sequences[version - 1] === partial.sequence;
    return { version, torn };
  }

  override stepsMissing(timeline: Timeline, version: number, growth: Growth): number {
    const partial = this.#partial;
    if (partial === undefined || timeline.sequences[version - 1] !== partial.sequence) return 0;
    return growth.missingDownTo((partial.boundary + (partial.torn ? 1 : 0)) * sectorSizeBytes);
  }

  #survives({ kind, sector, mayTear }: Timeline, sequence: number): boolean {
    if (sequence <= this.#through) return true;
    const partial = this.#partial;
    if (partial === undefined || sequence !== partial.sequence) return false;
    return (
      kind === 'size' || sector < partial.boundary || (sector === partial.boundary && partial.torn && mayTear)
    );
  }
}

/** The write that was under way: its sectors before the boundary survive, the one there is lost or torn. */
interface PartialWrite {
  readonly sequence: number;
  readonly boundary: number;
  readonly torn: boolean;
}

class ByFile extends KeepAll {
  readonly #lost = new Map<string, boolean>();

  override fate(timeline: Timeline): Fate {
    let lost = this.#lost.get(timeline.group);
    if (lost === undefined) {
      lost = timeline.draws.choose(2) === 1;
      this.#lost.set(timeline.group, lost);
    }
    return { version: lost ? timeline.earliest : timeline.latest, torn: false };
  }
}

class ByKind extends KeepAll {
  readonly #lost: Readonly<Record<Timeline['kind'], boolean>>;

  constructor(draws: DrawSource) {
    super();
    const stream = draws.at(modeSite);
    const coin = (): boolean => stream.choose(2) === 1;
    this.#lost = { name: coin(), size: coin(), data: coin() };
  }

  override fate(timeline: Timeline): Fate {
    return { version: this.#lost[timeline.kind] ? timeline.earliest : timeline.latest, torn: false };
  }
}

class Single extends KeepAll {
  /** Harm falls on the thing at which this reaches 0; from 0, on none. */
  #untilTarget: number;

  constructor(pending: PendingSummary, draws: DrawSource) {
    super();
    this.#untilTarget = draws.at(modeSite).choose(pending.timelinesMax + 1);
  }

  override fate(timeline: Timeline): Fate {
    if (timeline.earliest === timeline.latest) return super.fate(timeline);
    this.#untilTarget -= 1;
    return this.#untilTarget === 0 ? harmed(timeline) : super.fate(timeline);
  }
}

class Independent extends KeepAll {
  /** One thing in so many is harmed. */
  readonly #oneIn: number;

  constructor(draws: DrawSource) {
    super();
    const rates = [8, 64, 2];
    this.#oneIn = rates[draws.at(modeSite).choose(rates.length)] ?? 8;
  }

  override fate(timeline: Timeline): Fate {
    if (timeline.earliest === timeline.latest) return super.fate(timeline);
    return this.#unlucky(timeline.draws) ? harmed(timeline) : super.fate(timeline);
  }

  override stepsMissing(timeline: Timeline, _version: number, growth: Growth): number {
    return this.#unlucky(timeline.draws) ? 1 + timeline.draws.choose(growth.steps) : 0;
  }

  #unlucky(draws: Draws): boolean {
    return draws.choose(this.#oneIn) === this.#oneIn - 1;
  }
}

class Free implements Survival {
  fate({ earliest, latest, draws, mayTear }: Timeline): Fate {
    const version = latest - draws.choose(latest - earliest + 1);
    return { version, torn: mayTear && version > earliest && draws.choose(2) === 1 };
  }

  stepsMissing({ draws }: Timeline, _version: number, growth: Growth): number {
    return draws.choose(growth.steps + 1);
  }
}

/** Lost, or torn where that can be. Only for a timeline with more than one version to pick from. */
function harmed({ earliest, latest, draws, mayTear }: Timeline): Fate {
  if (mayTear && draws.choose(2) === 1) return { version: latest, torn: true };
  return { version: latest - 1 - draws.choose(latest - earliest), torn: false };
}
