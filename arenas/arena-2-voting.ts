import {
  type ArenaContext,
  believer,
  defineArena,
  drawConfig,
  drawRemoteOneOf,
  drawWorkload,
  historian,
  isTrue,
  makeAgents,
  scientist,
  skeptic,
  type StemeDB,
  sybil,
  toHex,
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
  properties: [
    ...townProperties,
    {
      id: 'noise-never-wins',
      kind: 'safety',
      claim: 'where a true claim has an honest vote, consensus by votes names a true claim',
    },
  ],
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
    await town.live((db) => requireTruth(context, town, db));
  },
});

/** All noise of a run together weighs less than one honest vote. */
async function requireTruth(context: ArenaContext, town: Town, db: StemeDB): Promise<void> {
  for (const { hash, assertion } of town.society.honoured()) {
    context.reached('arena.true-claim-was-honoured');
    const { subject, predicate } = assertion;
    const { winner, resolution } = await db.query({ subject, predicate, lens: 'vote-aware-consensus' });
    context.require(winner !== undefined && isTrue(winner), () => ({
      property: 'noise-never-wins',
      category: 'inconsistent',
      message: 'A claim that only trolls and sybils voted for has won against an honest vote.',
      expected: `a true claim, such as ${toHex(hash).slice(0, 8)}`,
      actual: resolution.winner === undefined ? 'no winner' : toHex(resolution.winner).slice(0, 8),
    }));
  }
}
