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

/** Everybody lives with a database whose disk, clock, network and power fail. */
export default defineArena({
  name: 'arena-3-chaos',
  summary:
    'all that the others do, while disks, clocks, networks and machines fail: nothing acknowledged is lost',
  scenarios: [
    'disk-full',
    'fsync-failure',
    'torn-writes',
    'slow-disk',
    'read-errors',
    'clock-skew',
    'network',
    'hostile-input',
    'bit-rot',
    'crash-loop',
    'little-memory',
    'everything',
  ],
  onRequest: ['recovery-read-errors', 'crash-images'],
  properties: [...townProperties, noiseNeverWins],
  markers: [
    'arena.bad-record-in-the-log',
    'arena.closed-in-spite-of-its-disk',
    'arena.crashed-while-starting-or-closing',
    'arena.gave-up-for-its-disk',
    'arena.kept-from-opening',
    'arena.rot-kept-it-from-opening',
    'arena.rot-was-noticed',
    'arena.rubbish-refused',
    'arena.read-from-what-takes-no-writes',
    'arena.true-claim-was-honoured',
    'audit.not-kept',
    'ingest.quarantined',
    'ingest.stopped',
    'kv.poisoned',
    'kv.torn-manifest-discarded',
    'views.stopped',
    'wal.changed-while-recovering',
    'wal.poisoned',
    'wal.torn-tail-cut',
  ],
  async play(context) {
    const workload = drawWorkload(context);
    const keys = makeAgents(context.signatures, workload.agents + workload.queriers + 3).slice(-3);
    const town = new Town(context, {
      workload,
      config: drawConfig(context, workload),
      remoteOneOf: drawRemoteOneOf(context),
      writers: [scientist, troll, believer, sybil(keys), scientist],
      queriers: [skeptic, historian],
    });
    await town.live((db) => requireTruth(context, town.society, db));
  },
});
