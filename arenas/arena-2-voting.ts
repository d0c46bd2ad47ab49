import {
  believer,
  defineArena,
  drawConfig,
  drawRemoteOneOf,
  drawWorkload,
  historian,
  makeAgents,
  noiseNeverWins,
  requireTruth,
  scientist,
  skeptic,
  sybil,
  Town,
  townProperties,
  troll,
} from '../src/index.ts';

/** Many vote, some of them with many keys or all the time. */
export default defineArena({
  name: 'arena-2-voting',
  summary: 'votes from many, trolls and sybils among them: sums are exact, and noise never wins',
  scenarios: ['torn-writes', 'calm', 'clock-skew', 'read-errors', 'network'],
  onRequest: ['thousand-agents', 'crash-images'],
  properties: [...townProperties, noiseNeverWins],
  markers: [
    'arena.true-claim-was-honoured',
    'ingest.duplicate-skipped',
    'query.answered-by-view',
    'views.materialized',
    'arena.provocation-refused',
    'arena.impostor-turned-away',
    'kv.flushed',
    'kv.compacted',
  ],
  async play(context) {
    const workload = drawWorkload(context);
    const keys = makeAgents(context.signatures, workload.agents + workload.queriers + 3).slice(-3);
    const town = new Town(context, {
      workload,
      config: drawConfig(context, workload),
      remoteOneOf: drawRemoteOneOf(context),
      writers: [scientist, troll, scientist, sybil(keys), believer],
      queriers: [skeptic, historian],
    });
    await town.live((db) => requireTruth(context, town.society, db));
  },
});
