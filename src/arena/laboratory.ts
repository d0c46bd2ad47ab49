import { Violation } from '../check/index.ts';
import { type StemeConfig, StemeDB } from '../engine/index.ts';
import type { Disk, Machine } from '../sim/index.ts';
import type { ArenaContext } from './context.ts';
import { refusal } from './steme-node.ts';
import { type DatabaseDump, dumpStore } from './store-dump.ts';
import type { SyncImage } from './sync-images.ts';

/** Another machine, on which databases are opened that crashes have left, so that the first is not disturbed. */
export class Laboratory {
  readonly machine: Machine;
  readonly #context: ArenaContext;
  readonly #config: StemeConfig;

  constructor(context: ArenaContext, config: StemeConfig) {
    this.machine = context.machine('laboratory');
    this.#context = context;
    this.#config = config;
  }

  insert(disk: Disk): void {
    this.machine.insert(disk);
  }

  /**
   * Opens the database and reads all that it holds; then `ask` may ask for it in other ways. Throws a `Violation` when
   * it refuses to open.
   */
  async dump(ask?: (db: StemeDB) => Promise<void>): Promise<DatabaseDump> {
    const process = this.machine.boot();
    const db = await process.call('open', () => StemeDB.open(process.ports, this.#config)).catch(refusal);
    return process.call('dump', async () => {
      await db.waitUntilOffset(db.durableOffset);
      const dump = await dumpStore(db);
      await ask?.(db);
      return dump;
    });
  }

  /** Recovers each image, and lets `judge` hold what is there against what had been promised. */
  async judgeAll<Promised>(
    images: readonly SyncImage<Promised>[],
    judge: (dump: DatabaseDump, promised: Promised) => void,
  ): Promise<void> {
    for (const { disk, timeMicros, promised } of images) {
      this.insert(disk);
      try {
        const dump = await this.dump();
        for (const each of promised) if (each !== undefined) judge(dump, each);
      } catch (error) {
        const at = (timeMicros / 1000).toFixed(1);
        if (error instanceof Violation) {
          this.#context.record(
            'fail',
            'laboratory',
            `recovers what a power loss would have left at ${at} ms`,
          );
        }
        throw error;
      }
    }
    this.close();
  }

  close(): void {
    this.machine.kill();
  }
}
