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
  troll,
} from '../src/index.ts';

/** Many vote, some of them with many keys or all the time. */
export default defineArena({
  name: 'arena-2-voting',
  summary: 'votes from many, trolls and sybils among them: sums are exact, and noise never wins',
  scenarios: ['torn-writes', 'calm', 'clock-skew', 'read-errors', 'network'],
  properties: [
    { id: 'votes-add-up', kind: 'safety', claim: 'counts and weights are what the stored votes add up to' },
    {
      id: 'noise-never-wins',
      kind: 'safety',
      claim: 'where a true claim has an honest vote, consensus by votes names a true claim',
    },
    {
      id: 'answers-agree-with-the-log',
      kind: 'safety',
      claim: 'every answer is what its lens says about the log up to the offset that the answer names',
    },
    {
      id: 'answers-are-as-fresh-as-asked',
      kind: 'safety',
      claim: 'no answer misses what was ingested before the question, but from a view that may be that old',
    },
    { id: 'queries-are-audited', kind: 'safety', claim: 'each answered query leaves a record of what won' },
    {
      id: 'views-agree-with-the-store',
      kind: 'safety',
      claim: 'a view that is not behind is what its lens says now',
    },
    {
      id: 'acknowledged-survives',
      kind: 'safety',
      claim: 'what was acknowledged, or read once, can be read from then on',
    },
    { id: 'nothing-invented-or-altered', kind: 'safety', claim: 'what is stored was submitted, bit for bit' },
    {
      id: 'indexes-complete',
      kind: 'safety',
      claim: 'every claim is found by its indexes; no entry dangles',
    },
    {
      id: 'written-equals-verified',
      kind: 'safety',
      claim: 'every acknowledged claim and vote was verified at the end',
    },
    {
      id: 'recovery-is-stable',
      kind: 'safety',
      claim: 'crashing again before anything was written brings back the same state',
    },
    { id: 'crash-state-opens', kind: 'safety', claim: 'whatever a crash leaves can be opened' },
    {
      id: 'files-are-sound',
      kind: 'safety',
      claim: 'the files of a closed database have no damage and follow from the log',
    },
    {
      id: 'valid-is-taken',
      kind: 'safety',
      claim: 'what keeps the rules and is signed by its agent is never refused',
    },
    {
      id: 'impostors-are-turned-away',
      kind: 'safety',
      claim: 'whoever has no key, or one for others, gets 401 or 403, and nothing of theirs is stored',
    },
    { id: 'invalid-is-refused', kind: 'safety', claim: 'what breaks a rule is refused with its code' },
    { id: 'nothing-leaks', kind: 'safety', claim: 'a closed database holds no file open' },
    { id: 'always-makes-progress', kind: 'liveness', claim: 'nothing waits for ever' },
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
