import { type Ports, type Task, type Timer, Watermark } from '../../ports/index.ts';
import { InvariantError } from '../errors.ts';
import { DatabaseClosedError, type Ingestor, IngestStoppedError } from '../ingest/index.ts';
import type { KeyValueStore, Operation, Snapshot } from '../kv/index.ts';
import { findLens, type Lens, lenses } from '../lens/index.ts';
import { decodeLogOffset } from '../log-offset.ts';
import { cursorKey, dirtyPrefix, parseKey, viewKey } from '../model/index.ts';
import { QueryTooLargeError, resolve } from '../resolve/index.ts';
import { retryWhileDiskFails } from '../retry.ts';
import type { ResolvedViewOptions } from './options.ts';
import { encodeView } from './view.ts';

export interface MaterializerStatus {
  /** The views have taken everything in the log before this offset into account. */
  readonly throughOffset: number;
  /** Why it has stopped; `undefined` while it runs. No view that is behind answers any more then. */
  readonly stopped: unknown;
}

const retries = { retryMs: 10, retryMsMax: 5000 };

/** Marks that are worked through before the next are read. */
const marksAtATime = 100;

/**
 * Keeps the views up to date behind ingest. What is to be done is in the store, as marks that ingest sets
 * in the batch that makes a view fall behind; a mark goes only when the view that took it into account is
 * there, and only if ingest has not set it anew meanwhile. So a crash at any moment repeats work at most.
 */
export class Materializer {
  readonly #ports: Ports;
  readonly #store: KeyValueStore;
  readonly #ingestor: Ingestor;
  readonly #options: ResolvedViewOptions;
  readonly #lenses: readonly Lens[];
  readonly #through: Watermark;
  readonly #task: Task<void>;
  #rest: Timer | undefined;
  #closing = false;
  #stopped: unknown;

  /** Starts. Throws `UnknownLensError`. */
  constructor(ports: Ports, store: KeyValueStore, ingestor: Ingestor, options: ResolvedViewOptions) {
    this.#ports = ports;
    this.#store = store;
    this.#ingestor = ingestor;
    this.#options = options;
    this.#lenses = options.lenses.map(findLens);
    this.#through = new Watermark(ports.scheduler, 'the views', 0);
    this.#task = ports.scheduler.spawn('materializer', () => this.#run());
  }

  get status(): MaterializerStatus {
    return { throughOffset: this.#through.value, stopped: this.#stopped };
  }

  /** Resolves once the views have taken everything before `offset` into account. Rejects when they stop before. */
  async waitUntilOffset(offset: number): Promise<void> {
    await this.#through.reach(offset);
  }

  /** Ends after the view in progress. The ingestor must be closed first: it wakes whoever waits for more. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#rest?.cancel();
    await this.#task.join();
  }

  async #run(): Promise<void> {
    const { clock, sites } = this.#ports;
    try {
      while (!this.#closing) {
        const { cursor } = this.#ingestor.status;
        const begunMs = clock.monotonicMs();
        await retryWhileDiskFails(
          this.#ports,
          retries,
          'views.retried',
          () => this.#closing,
          () => this.#pass(),
        );
        if (this.#closing) break;
        this.#through.advance(cursor);
        const restMs = Math.max(this.#options.restMs, clock.monotonicMs() - begunMs);
        this.#rest = clock.timer(sites.fires('views.rest-not') ? 0 : restMs);
        await this.#rest.fired;
        await this.#ingestor.waitUntilOffset(cursor + 1);
      }
    } catch (error) {
      this.#stop(error);
    } finally {
      this.#through.fail(new DatabaseClosedError());
    }
  }

  #stop(error: unknown): void {
    // The last pass has seen what was ingested before.
    if (error instanceof DatabaseClosedError || error instanceof IngestStoppedError) {
      this.#through.fail(error);
      return;
    }
    this.#stopped = error;
    this.#through.fail(error);
    this.#ports.telemetry.reached('views.stopped');
    this.#ports.telemetry.log('error', 'views.stopped', {
      reason: error instanceof Error ? error.message : String(error),
    });
    if (error instanceof InvariantError) throw error;
  }

  /** Works through all marks that are there. */
  async #pass(): Promise<void> {
    for (let after: Uint8Array | undefined; !this.#closing;) {
      const snapshot = this.#store.snapshot();
      try {
        const limit = this.#ports.sites.fires('views.one-mark') ? 1 : marksAtATime;
        const range = { prefix: dirtyPrefix, limit };
        const marks = [];
        for await (const mark of snapshot.scan(after === undefined ? range : { ...range, after })) {
          marks.push(mark);
        }
        for (const { key, value } of marks) {
          if (this.#closing) return;
          await this.#refresh(snapshot, key, value);
        }
        after = marks.at(-1)?.key;
        if (marks.length < limit) return;
      } finally {
        snapshot.close();
      }
    }
  }

  /** Makes the views that a mark is about, as of `snapshot`, and takes the mark away. */
  async #refresh(snapshot: Snapshot, markKey: Uint8Array, mark: Uint8Array): Promise<void> {
    const { sites, telemetry } = this.#ports;
    const parsed = parseKey(markKey);
    if (parsed.table !== 'MD') throw new InvariantError(`a mark has a key of table ${parsed.table}`);
    const refresh = async (): Promise<void> =>
      this.#store.batch(await this.#operations(snapshot, parsed.subject, parsed.predicate));
    await refresh();
    if (sites.fires('views.refresh-twice')) await refresh();
    telemetry.reached('views.materialized');
    const isTaken = await this.#store.compareAndSwap(markKey, mark, undefined);
    if (!isTaken) telemetry.reached('views.fell-behind-meanwhile');
  }

  async #operations(snapshot: Snapshot, subject: string, predicate: string): Promise<Operation[]> {
    const materializedAtMs = this.#ports.clock.wallMs();
    const cursor = await snapshot.get(cursorKey);
    const throughOffset = cursor === undefined ? 0 : decodeLogOffset(cursor);
    const keyOf = ({ name }: Lens): Uint8Array => viewKey(subject, predicate, name);
    // Views of lenses that are not kept any more would stay behind with no mark to tell.
    const deletions: Operation[] = [...lenses.values()]
      .filter((lens) => !this.#lenses.includes(lens))
      .map((lens) => ({ type: 'delete', key: keyOf(lens) }));
    try {
      const resolutions = await resolve(snapshot, { subject, predicate }, this.#lenses, this.#options);
      const views = this.#lenses.map((lens, index): Operation => {
        const value = encodeView({ resolution: resolutions[index]!, materializedAtMs, throughOffset });
        return { type: 'put', key: keyOf(lens), value };
      });
      return [...views, ...deletions];
    } catch (error) {
      if (!(error instanceof QueryTooLargeError)) throw error;
      this.#ports.telemetry.reached('views.too-large');
      return [...lenses.values()].map((lens) => ({ type: 'delete', key: keyOf(lens) }));
    }
  }
}
