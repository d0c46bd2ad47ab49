import { type FileSystemCall, pageSizeBytes, sectorSizeBytes } from '../disk/index.ts';
import { type Fault, type FaultSetting, refusalOf } from './fault.ts';

interface BadSectors {
  readonly path: string;
  readonly sectors: Set<number>;
}

/**
 * A sector cannot be read. A read that begins on the sector's page fails; one that begins before it ends there,
 * as page by page as a kernel reads. Bytes are not harmed: a sector that was bad once is fine at the next try,
 * one that is bad for good stays so until the file is restored or the faults are stopped.
 */
export class ReadError implements Fault {
  readonly #setting: FaultSetting;
  readonly #lastingOutOf: number;
  /** Sectors that are bad for good, by number of the file. */
  readonly #bad = new Map<number, BadSectors>();

  constructor(setting: FaultSetting, lastingOutOf: number) {
    this.#setting = setting;
    this.#lastingOutOf = lastingOutOf;
  }

  meet<T>(call: FileSystemCall, effect: () => T): T {
    const { dice, happened } = this.#setting;
    const { file, position = 0 } = call;
    const bytes = Math.min(call.length, file?.bytesFrom(position) ?? 0);
    if (file === undefined || bytes <= 0 || !dice.concerns('readError', call)) return effect();

    if (dice.strikes('readError', call)) {
      happened('readError', call);
      const draws = dice.stream('readError', call);
      if (draws.choose(this.#lastingOutOf) === this.#lastingOutOf - 1) {
        const first = Math.floor(position / sectorSizeBytes);
        const last = Math.floor((position + bytes - 1) / sectorSizeBytes);
        this.#badOf(file.node, call.path).add(first + draws.choose(last - first + 1));
      }
      throw refusalOf(call, 'EIO');
    }
    const bad = [...(this.#bad.get(file.node)?.sectors ?? [])]
      .map((sector) => sector * sectorSizeBytes)
      .filter((start) => start + sectorSizeBytes > position && start < position + bytes);
    if (bad.length === 0) return effect();
    happened('badSector', call);
    const pageStart = Math.floor(Math.min(...bad) / pageSizeBytes) * pageSizeBytes;
    if (pageStart <= position) throw refusalOf(call, 'EIO');
    call.length = pageStart - position;
    return effect();
  }

  /** Paths, at that time, of files in which a sector went bad for good. */
  unreadable(): readonly string[] {
    return [...this.#bad.values()].map(({ path }) => path);
  }

  /** Others have put the file on good sectors, as from a good copy. */
  restore(path: string): void {
    for (const [node, bad] of this.#bad) if (bad.path === path) this.#bad.delete(node);
  }

  #badOf(node: number, path: string): Set<number> {
    let bad = this.#bad.get(node);
    if (bad === undefined) {
      bad = { path, sectors: new Set() };
      this.#bad.set(node, bad);
    }
    return bad.sectors;
  }
}
