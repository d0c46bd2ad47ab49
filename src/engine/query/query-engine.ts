import type { Ports } from '../../ports/index.ts';
import type { Audits, QueryAudit } from '../audit/index.ts';
import { invariant } from '../errors.ts';
import type { KeyValueReader, KeyValueStore } from '../kv/index.ts';
import { findLens, type Resolution } from '../lens/index.ts';
import { decodeLogOffset } from '../log-offset.ts';
import { assertionKey, cursorKey, decodeAssertion } from '../model/index.ts';
import { resolve } from '../resolve/index.ts';
import { findView, type ViewKeeping } from '../views/index.ts';
import { type QueryOptions, queryOptionsOf, type ResolvedQueryOptions } from './options.ts';
import type { Answer, Query } from './types.ts';

type QueryPorts = Pick<Ports, 'clock' | 'scheduler' | 'sites' | 'telemetry'>;

/** Answers questions, each as of one moment: that of the snapshot it is answered from. */
export class QueryEngine {
  readonly #ports: QueryPorts;
  readonly #store: KeyValueStore;
  readonly #audits: Audits;
  readonly #options: ResolvedQueryOptions;
  readonly #keeping: () => ViewKeeping | undefined;

  /** `keeping` says how views are kept at that moment; `undefined` when they are not. */
  constructor(
    ports: QueryPorts,
    store: KeyValueStore,
    audits: Audits,
    options: QueryOptions,
    keeping: () => ViewKeeping | undefined,
  ) {
    this.#ports = ports;
    this.#store = store;
    this.#audits = audits;
    this.#options = queryOptionsOf(options);
    this.#keeping = keeping;
  }

  get pageBytesMax(): number {
    return this.#options.pageBytesMax;
  }

  /**
   * Rejects with `UnknownLensError`, `ValidationError`, `QueryTooLargeError`, or what reading the store
   * rejects with; then there was no answer, and there is no audit record.
   */
  async query(query: Query): Promise<Answer> {
    findLens(query.lens);
    const { scheduler, sites } = this.#ports;
    const snapshot = this.#store.snapshot();
    try {
      if (sites.fires('query.dawdle')) await scheduler.yield();
      const cursor = await snapshot.get(cursorKey);
      const ingested = cursor === undefined ? 0 : decodeLogOffset(cursor);
      const answered = (await this.#fromView(snapshot, query, ingested)) ?? {
        resolution: await this.#live(snapshot, query),
        throughOffset: ingested,
        view: undefined,
      };
      const { winner: hash } = answered.resolution;
      const bytes = hash === undefined ? undefined : await snapshot.get(assertionKey(hash));
      invariant((bytes === undefined) === (hash === undefined), 'a winner is stored');
      const winner = bytes === undefined ? undefined : decodeAssertion(bytes);
      const queryId = this.#audits.newQueryId();
      const audited = await this.#audits.keep(this.#auditOf(queryId, query, answered.resolution));
      return { queryId, lens: query.lens, winner, audited, ...answered };
    } finally {
      snapshot.close();
    }
  }

  async #live(store: KeyValueReader, query: Query): Promise<Resolution> {
    const [resolution] = await resolve(store, query, [findLens(query.lens)], this.#options);
    invariant(resolution !== undefined, 'one lens gives one resolution');
    this.#ports.telemetry.measure('query.candidates', resolution.candidatesCount);
    return resolution;
  }

  async #fromView(
    store: KeyValueReader,
    query: Query,
    ingested: number,
  ): Promise<Pick<Answer, 'resolution' | 'throughOffset' | 'view'> | undefined> {
    // A view was made without them.
    if (query.lifecycle !== undefined || query.asOf !== undefined) return undefined;
    const keeping = this.#keeping();
    if (keeping === undefined) return undefined;
    const { clock, sites, telemetry } = this.#ports;
    if (sites.fires('query.skip-view')) return undefined;
    const view = await findView(store, query, clock.wallMs(), keeping, telemetry);
    if (view === undefined) return undefined;
    telemetry.reached(view.isBehind ? 'query.answered-by-stale-view' : 'query.answered-by-view');
    return {
      resolution: view.resolution,
      // A view that is not behind has missed nothing that was ingested since.
      throughOffset: view.isBehind ? view.throughOffset : ingested,
      view: { materializedAtMs: view.materializedAtMs },
    };
  }

  #auditOf(queryId: string, { agentId, ...query }: Query, resolution: Resolution): QueryAudit {
    return {
      queryId,
      agentId,
      timestamp: this.#ports.clock.wallMs(),
      query,
      resultHash: resolution.winner,
      resultConfidence: resolution.resolutionConfidence,
      candidatesCount: resolution.candidatesCount,
      contributing: resolution.ranked.map(({ hash, weightMillionths, lifecycle }) => ({
        hash,
        weightMillionths,
        lifecycle,
      })),
    };
  }
}
