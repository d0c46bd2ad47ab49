import { Watermark } from '../../ports/index.ts';
import { JournalDirectory } from './directory.ts';
import { WalCorruptError } from './errors.ts';
import { type Judgement, type JournalKnowledge, judgeLog } from './judgement.ts';
import type { JournalPorts } from './journal.ts';
import { type JournalOptions, type ResolvedOptions, resolveOptions } from './options.ts';
import { JournalReader } from './reader.ts';
import { SegmentList } from './segment-list.ts';

/**
 * A log that was read, found sound, and not touched: what it will hold once it is opened. Whoever has more
 * to ask of it than the log itself can know asks here, while refusing still changes nothing. Valid until
 * it is opened, as long as nobody else writes.
 */
export class JudgedLog {
  /** What opening it takes. */
  readonly ports: JournalPorts;
  readonly directory: JournalDirectory;
  readonly options: ResolvedOptions;
  readonly judgement: Judgement;
  readonly #segments: SegmentList;

  private constructor(
    ports: JournalPorts,
    directory: JournalDirectory,
    options: ResolvedOptions,
    judgement: Judgement,
  ) {
    this.ports = ports;
    this.directory = directory;
    this.options = options;
    this.judgement = judgement;
    this.#segments = new SegmentList(judgement.chain.map(({ header }) => header));
  }

  /** See `Journal.judge`. */
  static async of(
    ports: JournalPorts,
    path: string,
    options: JournalOptions,
    knowledge: JournalKnowledge,
  ): Promise<JudgedLog> {
    const asked = resolveOptions(options);
    const resolved = ports.sites.fires('wal.small-chunks') ? { ...asked, readChunkBytes: 1 } : asked;
    const directory = new JournalDirectory(ports.fs, path);
    try {
      const judgement = await judgeLog(directory, resolved.readChunkBytes, knowledge);
      const log = new JudgedLog(ports, directory, resolved, judgement);
      if (knowledge.neededFrom !== undefined) await log.#probe(knowledge.neededFrom);
      return log;
    } catch (error) {
      if (error instanceof WalCorruptError) ports.telemetry.reached('wal.corrupt-refused');
      throw error;
    }
  }

  /** Where the last data record ends, or where the log begins if it holds none. */
  get endOffset(): number {
    return this.judgement.dataEnd;
  }

  /** Reads what the log will hold, as `Journal.reader` does. Close it after use. */
  reader(fromOffset: number): JournalReader {
    const { directory, judgement, options, ports } = this;
    return new JournalReader(
      {
        directory,
        segments: this.#segments,
        durableOffset: new Watermark(ports.scheduler, 'a log that is not open', judgement.end.offset),
        provenThrough: judgement.resume.offset,
        readChunkBytes: options.readChunkBytes,
        sites: ports.sites,
        released: () => undefined,
      },
      fromOffset,
    );
  }

  /** Throws `WalCorruptError` when a reader could not begin at `offset`, which then lies within a record. */
  async #probe(offset: number): Promise<void> {
    const reader = this.reader(offset);
    try {
      await reader.next();
    } finally {
      await reader.close();
    }
  }
}
