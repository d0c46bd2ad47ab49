import {
  believer,
  defineArena,
  drawConfig,
  drawRemoteOneOf,
  drawWorkload,
  historian,
  scientist,
  skeptic,
  Town,
  townProperties,
  troll,
} from '../src/index.ts';

/** Agents ask while others write: lenses, lifecycle, views, audit. */
export default defineArena({
  name: 'arena-1-cortex',
  summary:
    'queries while ingest runs: every answer is one that the log allows, and each query leaves a record',
  scenarios: ['torn-writes', 'calm', 'clock-skew', 'read-errors', 'network'],
  onRequest: ['thousand-agents', 'hash-collisions', 'crash-images'],
  properties: townProperties,
  markers: [
    'query.answered-by-view',
    'query.answered-by-stale-view',
    'views.materialized',
    'views.fell-behind-meanwhile',
    'views.too-stale',
    { label: 'views.from-the-future-refused', when: ({ clock }) => clock !== undefined },
    { label: 'arena.collision-refused', when: ({ collisions }) => collisions !== undefined },
    'ingest.duplicate-skipped',
    'arena.provocation-refused',
    'arena.impostor-turned-away',
    'kv.flushed',
    'kv.compacted',
    'wal.rotated',
  ],
  async play(context) {
    const workload = drawWorkload(context);
    const town = new Town(context, {
      workload,
      config: drawConfig(context, workload),
      remoteOneOf: drawRemoteOneOf(context),
      writers: [scientist, believer, scientist, troll],
      queriers: [historian, skeptic],
    });
    await town.live(async () => undefined);
  },
});
